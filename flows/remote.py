"""Object storage: what an address such as s3://bucket/calls/*.json names, and its objects as private files.

Credentials come from the environment alone, and neither they nor what a library says of a failure is shown.
"""

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from transforms.readers import SourceError
from transforms.readers.record import plain
from transforms.readers.sources import MAGIC, Found, is_passed_over

AT_ONCE = 8  # objects that are fetched side by side
EXTRAS = {"s3": "s3fs", "gs": "gcsfs", "az": "adlfs"}
STORES = {"s3": "Amazon S3 and what speaks as it", "gs": "Google Cloud Storage", "az": "Azure Blob Storage"}
ADDRESS = re.compile(r"(s3|gs|az)://(.*)", re.DOTALL)
CREDENTIALS = {  # one of these has to be set
    "s3": (
        "AWS_ACCESS_KEY_ID",
        "AWS_PROFILE",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ),
    "gs": ("GOOGLE_APPLICATION_CREDENTIALS",),
    "az": ("AZURE_STORAGE_CONNECTION_STRING", "AZURE_STORAGE_ACCOUNT_NAME"),
}
ETAGS, TIMES = ("ETag", "etag", "md5Hash"), ("LastModified", "last_modified", "updated", "mtime")
PATIENCE = {"connect_timeout": 10, "read_timeout": 60, "retries": {"max_attempts": 2, "mode": "standard"}}
OPTIONS: dict[str, dict[str, Any]] = {"s3": {"config_kwargs": PATIENCE}, "gs": {"token": "google_default"}}


@dataclass(frozen=True)
class Failure:
    """What a library's errors of these kinds mean, and whether they hold for the whole storage."""

    kinds: frozenset[str]
    line: str
    is_of_all: bool = True


FAILURES = (
    Failure(
        frozenset({"NoCredentialsError", "PartialCredentialsError", "ProfileNotFound", "DefaultCredentialsError"}),
        "no credentials are in the environment; expected those of the storage. "
        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or what docs/sources.md names.",
    ),
    Failure(
        frozenset({"EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ClientConnectorError"})
        | {"ConnectionError", "ProxyConnectionError", "ServiceRequestError"},
        "the storage does not answer; expected it to. Check the network, and AWS_ENDPOINT_URL where it is set.",
    ),
    Failure(
        frozenset({"PermissionError", "ClientAuthenticationError"}),
        "the credentials may not read it; expected some that may. Check them, and the bucket's policy.",
        is_of_all=False,
    ),
    Failure(
        frozenset({"FileNotFoundError"}),
        "there is no such bucket, folder or object; expected one. Check the address.",
        is_of_all=False,
    ),
)


@dataclass(frozen=True)
class Object:
    """An object of a bucket: its name relative to what was named, its address, and what changes whenever it does."""

    name: str
    address: str
    size: int
    stamp: str

    @property
    def folder(self) -> str:
        """The address of what it lies in."""
        return self.address.rpartition("/")[0]


class Bucket:
    """The storage behind an address. Raises SourceError, one line, for whatever keeps it from being read."""

    def __init__(self, named: str) -> None:
        found = ADDRESS.fullmatch(named)
        if found is None:
            raise SourceError(
                f"{named.partition(':')[0]}://…: no such storage is known; expected s3://, gs:// or az://."
            )
        self.named, self.scheme, self.path = named, found[1], found[2]
        if re.search(r"[@:?#]", self.path.partition("/")[0]):
            raise SourceError(
                f"{self.scheme}://…: the address holds more than a bucket and a path; expected no credentials in it."
            )
        if not self.path.strip("/"):
            raise SourceError(f"{named}: it names no bucket; expected {self.scheme}://BUCKET/PATH. Complete it.")
        self.files = self._opened()

    def _opened(self) -> Any:
        import fsspec

        try:
            kind = fsspec.get_filesystem_class(self.scheme)
        except ImportError:
            lacks = f"{STORES[self.scheme]} needs {EXTRAS[self.scheme]}, which is not installed; expected it"
            how = f"Install it with `uv pip install -e '.[{self.scheme}]'`."
            raise SourceError(f"{self.named}: {lacks}. {how}") from None
        if not any(os.environ.get(name) for name in CREDENTIALS[self.scheme]):  # or the network would be asked for some
            raise SourceError(f"{self.named}: {FAILURES[0].line}")
        options = OPTIONS.get(self.scheme, {})
        return kind(skip_instance_cache=True, use_listings_cache=False, **options)

    def objects(self) -> list[Object]:
        """The objects that the address names: one, all below a folder, or those that a pattern matches."""
        try:
            return sorted(self._named(), key=lambda one: one.address)
        except Exception as error:
            raise SourceError(self._line(error)) from None

    def _named(self) -> Iterator[Object]:
        path = self.path.rstrip("/")
        root = _before_magic(path) if MAGIC & set(path) else path
        for name, info in self._matched(path).items():
            if info["type"] == "directory":
                yield from (_object(self.scheme, one, root) for one in self.files.find(name, detail=True).values())
            else:
                yield _object(self.scheme, info, root.rpartition("/")[0] if name == root else root)

    def _matched(self, path: str) -> dict[str, Any]:
        try:
            return {path: self.files.info(path)}
        except FileNotFoundError:
            found: dict[str, Any] = self.files.glob(path, detail=True) if MAGIC & set(path) else {}
            if not found:
                raise
            return found

    def fetch(self, some: Sequence[Object], folder: Path) -> list[Found]:
        """These objects as files in the folder, which is the caller's; of one that cannot be had what is wrong."""
        needed, free = sum(one.size for one in some), shutil.disk_usage(folder).free
        if needed > 0.9 * free:
            room = f"{len(some):,} objects of {needed:,} bytes do not fit into {folder.parent}, where {free:,} are free"
            raise SourceError(f"{self.named}: {room}. Name fewer, or another folder with TMPDIR.")
        parents = {parent: str(n) for n, parent in enumerate(dict.fromkeys(one.folder for one in some))}
        places = [folder / parents[one.folder] / _file_name(one) for one in some]
        for place in places:
            place.parent.mkdir(exist_ok=True)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            problems = list(pool.map(self._get, some, places))
        return [
            Found(one.name, place, one.address, what) for one, place, what in zip(some, places, problems, strict=True)
        ]

    def _get(self, one: Object, place: Path) -> str | None:
        """Streams the object to the place; gives what is wrong where only this one cannot be had."""
        try:
            self.files.get_file(one.address, str(place))
        except Exception as error:
            found = _failure(error)
            if found is None or found.is_of_all:
                raise SourceError(self._line(error)) from None
            return found.line.partition(". ")[0]
        return None

    def _line(self, error: Exception) -> str:
        found = _failure(error)
        unknown = f"it cannot be read ({type(error).__name__}); expected a bucket that answers. Check the address."
        return f"{self.named}: {found.line if found else unknown}"


def first_of(named: str, folder: Path) -> list[Found]:
    """The first object that the address names and that is to be read, as a file in the folder."""
    bucket = Bucket(named)
    return bucket.fetch([one for one in bucket.objects() if not is_passed_over(one.name)][:1], folder)


def _failure(error: Exception) -> Failure | None:
    """What an error means, by its kind or that of what caused it."""
    causes = [error, *filter(None, (error.__cause__, error.__context__))]
    kinds = {kind.__name__ for one in causes for kind in type(one).__mro__}
    return next((one for one in FAILURES if one.kinds & kinds), None)


def _object(scheme: str, info: dict[str, Any], root: str) -> Object:
    told = [next((str(info[key]) for key in keys if info.get(key)), "") for keys in (ETAGS, TIMES)]
    size = int(info["size"] or 0)
    name = plain(info["name"]).removeprefix(f"{root}/")
    return Object(name, f"{scheme}://{info['name']}", size, f"{size} {told[0] or told[1]}")


def _before_magic(path: str) -> str:
    """The folder up to which a pattern is plain."""
    return re.split(r"[*?\[]", path, maxsplit=1)[0].rpartition("/")[0]


def _file_name(one: Object) -> str:
    """A name that any file system takes, whatever the object is called."""
    name = PurePosixPath(one.address).name.encode()[-200:].decode(errors="ignore")
    return name if name.strip(".") else f"object{name}"
