"""Upload the files of a folder, one after the other, and print what became of them and what it cost.

A process of its own, so that its memory can be measured: `python -m tests.hostile_child FOLDER MEDIA`. The folder
has a file a number, and `list.json` with their names and types; the answer is JSON.
"""

import json
import sys
from pathlib import Path
from typing import Any

import django


def main(folder: Path, media: Path) -> None:
    django.setup()
    from catalogue.forms import PictureField

    written = _watch_writing()
    answers = [
        _answer(PictureField(), (folder / str(number)).read_bytes(), name, type, media)
        for number, (name, type) in enumerate(json.loads((folder / "list.json").read_text()))
    ]
    print(json.dumps({"answers": answers, "peak_mb": _peak_mb(), "written": sorted(written)}))


def _answer(field: Any, content: bytes, name: str, type: str, media: Path) -> dict[str, Any]:
    from django.core.files.storage import FileSystemStorage
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.forms import ValidationError

    try:
        picture = field.clean(SimpleUploadedFile(name, content, type))
    except ValidationError as error:
        return {"refused": " ".join(error.messages)}
    kept = FileSystemStorage(media).save(f"artwork/{picture.name}", picture)
    return {"kept": kept, "notes": picture.notes}


def _watch_writing() -> set[str]:
    """Note every file that Python is about to write or make, wherever it is."""
    written: set[str] = set()

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str) and _writes(*arguments[1:3]):
            written.add(arguments[0])
        elif event in ("os.mkdir", "os.rename", "os.link", "os.symlink"):
            written.add(str(arguments[0 if event == "os.mkdir" else 1]))

    sys.addaudithook(watch)
    return written


def _writes(mode: str | None, flags: int) -> bool:
    return any(letter in (mode or "") for letter in "wax+") or bool(flags & 3)


def _peak_mb() -> int:
    """Return the most memory this program had; what its parent had when it began does not count."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) // 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * 1024)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
