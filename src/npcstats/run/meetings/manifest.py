"""What a meeting's folder says of itself: what it was made from, and the hash of every file in it."""

from __future__ import annotations

import datetime
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from npcstats.errors import ResultsError
from npcstats.formatting import counted
from npcstats.provenance import hash_bytes

MANIFEST = "MANIFEST.json"
SCHEMA = 1
STATISTICIAN = "statistician"
RESULTS = "results"
REQUIRED = "the folder of a meeting, as `npcstats meeting` wrote it, is required"


@dataclass(frozen=True)
class FormerMeeting:
    """The meeting before: its cut-off, and the hash of what its folder says of itself."""

    cutoff: str
    manifest_sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a meeting's folder says of itself.

    Parameters
    ----------
    schema : int
        Of this record.
    trial : str
        Registry number.
    cutoff : str
        As an ISO date.
    synthetic : bool
        Whether its data are made up.
    sessions : mapping of str to str
        Hash of the results of each session.
    data_sha256 : mapping of str to str
        Hash of each file of the export.
    plan_sha256, code_sha256, lock_sha256 : str
        Hashes of the plan's values, of the package and of the list of packages with it; the last is empty where the
        project has no such list.
    versions : mapping of str to str
        Of Python and of what numbers are made with.
    mask_hmac_sha256 : str
        Keyed hash of the masking map; empty where no session needs one.
    former : FormerMeeting, optional
        The meeting before, if there was one.
    files_sha256 : mapping of str to str
        Hash of every file but this record, by its path in the folder.
    """

    schema: int
    trial: str
    cutoff: str
    synthetic: bool
    sessions: Mapping[str, str]
    data_sha256: Mapping[str, str]
    plan_sha256: str
    code_sha256: str
    lock_sha256: str
    versions: Mapping[str, str]
    mask_hmac_sha256: str
    former: FormerMeeting | None
    files_sha256: Mapping[str, str]

    @property
    def day(self) -> datetime.date:
        """Tell the cut-off.

        Returns
        -------
        date
            The last day that counts.
        """
        return datetime.date.fromisoformat(self.cutoff)


def manifest_text(manifest: Manifest) -> str:
    """Write a record as JSON.

    Parameters
    ----------
    manifest : Manifest
        The record.

    Returns
    -------
    str
        The same for the same record.
    """
    return json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n"


def manifest_hash(folder: Path) -> str:
    """Hash the record of a meeting, which stands for all of its files.

    Parameters
    ----------
    folder : Path
        Of the meeting.

    Returns
    -------
    str
        SHA-256.
    """
    return hash_bytes((folder / MANIFEST).read_bytes())


def read_manifest(folder: Path) -> Manifest:
    """Read the record of a meeting.

    Parameters
    ----------
    folder : Path
        Of the meeting.

    Returns
    -------
    Manifest
        The record.

    Raises
    ------
    ResultsError
        If there is none, or it is not one.
    """
    file = folder / MANIFEST
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        schema = told["schema"]
        if schema != SCHEMA:
            raise ResultsError(f"{file}: of schema {schema!r}; schema {SCHEMA} is required, so another version of "
                               "npcstats wrote it.")  # fmt: skip
        former = told.pop("former")
        found = Manifest(former=FormerMeeting(**former) if former else None, **told)
        datetime.date.fromisoformat(found.cutoff)
    except OSError as error:
        raise ResultsError(f"{file}: {error.strerror}; {REQUIRED}.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ResultsError(f"{file}: not the record of a meeting; {REQUIRED}.") from error
    if not _is_sound(found):
        raise ResultsError(f"{file}: not the record of a meeting; {REQUIRED}.")
    return found


def _is_sound(manifest: Manifest) -> bool:
    """Whether everything that is relied on is of its type, and every name stays inside the folder."""
    texts = (manifest.trial, manifest.cutoff, manifest.plan_sha256, manifest.code_sha256, manifest.lock_sha256,
             manifest.mask_hmac_sha256)  # fmt: skip
    former = (manifest.former.cutoff, manifest.former.manifest_sha256) if manifest.former else ()
    mappings = (manifest.sessions, manifest.data_sha256, manifest.versions, manifest.files_sha256)
    paired = all(isinstance(one, dict) and all(isinstance(text, str) for text in one.values()) for one in mappings)
    return (
        paired
        and isinstance(manifest.synthetic, bool)
        and all(isinstance(text, str) for text in (*texts, *former))
        and all(_stays_inside(name) for name in (*manifest.files_sha256, *manifest.data_sha256, *manifest.sessions))
    )


def _stays_inside(name: str) -> bool:
    return bool(name) and not Path(name).is_absolute() and ".." not in Path(name).parts


def hash_files(folder: Path) -> dict[str, str]:
    """Hash every file below a folder but the record of a meeting.

    Parameters
    ----------
    folder : Path
        Of the meeting.

    Returns
    -------
    dict of str to str
        By path in the folder, hidden files too; what is no plain file, such as a link, has an empty hash.

    Raises
    ------
    ResultsError
        If something cannot be read.
    """
    try:
        found = [Path(place, name) for place, folders, names in os.walk(folder, onerror=_fail)
                 for name in (*names, *(inner for inner in folders if Path(place, inner).is_symlink()))]  # fmt: skip
        named = {path.relative_to(folder).as_posix(): path for path in sorted(found)}
        return {name: _hash(path) for name, path in named.items() if name != MANIFEST}
    except OSError as error:
        raise ResultsError(f"{error.filename}: {error.strerror}; {REQUIRED}.") from error


def _fail(error: OSError) -> None:
    raise error


def _hash(path: Path) -> str:
    return hash_bytes(path.read_bytes()) if stat.S_ISREG(path.lstat().st_mode) else ""


def check_unaltered(folder: Path, manifest: Manifest, *, part: bool = False) -> None:
    """Refuse a meeting of which a file is not the one that was released.

    Parameters
    ----------
    folder : Path
        Of the meeting.
    manifest : Manifest
        Its record.
    part : bool
        Whether it is a copy of a part, from which files may be missing.

    Raises
    ------
    ResultsError
        Names the first difference, and tells how many there are.
    """
    recorded, found = manifest.files_sha256, hash_files(folder)
    faults = [f"{name}: missing" for name in recorded if name not in found and not part]
    faults += [f"{name}: no file of the meeting" for name in found if name not in recorded]
    faults += [f"{name}: changed since the meeting was released" for name, digest in recorded.items()
               if found.get(name, digest) != digest]  # fmt: skip
    if faults:
        differ = counted(len(faults), "file differs", "files differ")
        raise ResultsError(f"{folder / sorted(faults)[0]} ({differ}); {REQUIRED}.")
