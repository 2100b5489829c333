"""The BagIt files around a payload (RFC 8493): all of them follow from the manifest, byte by byte, so none can be altered unnoticed."""

import hashlib
from typing import Final

from jpa.sharing.manifest import Manifest

DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST: Final = "package.json"
SIGNATURE: Final = "package.sig"


def tag_files(this: Manifest, manifest: bytes, signature: bytes) -> dict[str, bytes]:
    """Return the tag files by name, in the order in which they are written; without a signature (a draft) none is listed."""
    payload = "".join(f"{file.sha256}  {file.path}\n" for file in this.files).encode()
    size = sum(int(file.bytes) for file in this.files)
    info = (
        f"Bagging-Date: {this.made[:10]}\nExternal-Identifier: {this.id}\nPayload-Oxum: {size}.{len(this.files)}\n"
        f"Source-Organization: {_one_line(this.sender.name)}\n"
    )
    files = {
        "bagit.txt": DECLARATION,
        "bag-info.txt": info.encode(),
        "manifest-sha256.txt": payload,
        MANIFEST: manifest,
    } | ({SIGNATURE: signature} if signature != b"" else {})
    listed = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return files | {"tagmanifest-sha256.txt": listed.encode()}


def _one_line(text: str) -> str:
    return " ".join(text.split())
