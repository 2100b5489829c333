// kind: schema
// What a report states is found by its ties: nothing looks a record up by its report's id, and each import paid for the index.
DROP INDEX record_report IF EXISTS;
