"""nginx as it is shipped, in front of a server of the tests, with ports, a certificate and a folder of its own."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate

from tests.tools.server import ROOT
from tests.tools.services import HOST, free_port

NAME = "quiz.example.org"
PROGRAM = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
# What Debian's own file says around ours. Everything it writes, it writes into the folder.
AROUND = """
worker_processes 1; pid {folder}/pid; error_log {folder}/log warn; daemon off; {user}
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Nginx:
    port: int
    folder: Path

    def connection(self, address: str = HOST, name: str = NAME) -> ssl.SSLSocket:
        """By TLS, from an address of this machine, asking for a name."""
        context = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        context.check_hostname = name == NAME
        plain = socket.create_connection((HOST, self.port), timeout=60, source_address=(address, 0))
        return context.wrap_socket(plain, server_hostname=name)

    def ask(
        self,
        path: str,
        form: bytes | None = None,
        kind: str = "application/x-www-form-urlencoded",
        address: str = HOST,
        **headers: str,
    ) -> tuple[HTTPResponse, str]:
        """The answer and its text."""
        asked = HTTPSConnection(NAME)
        asked.sock = self.connection(address)
        sent: Mapping[str, str] = {name.replace("_", "-"): value for name, value in headers.items()}
        asked.request("GET" if form is None else "POST", path, form, {"Content-Type": kind, **sent})
        response = asked.getresponse()
        text = response.read().decode("latin-1")
        asked.close()
        return response, text

    @property
    def for_chromium(self) -> list[str]:
        """Options by which it takes this nginx for the site of that name, and its certificate for a true one.

        A certificate that is merely overlooked would not do: Chromium keeps no page of such a site.
        """
        certificate = load_pem_x509_certificate((self.folder / "fullchain.pem").read_bytes())
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return [
            f"--host-resolver-rules=MAP {NAME}:443 {HOST}:{self.port}",
            f"--ignore-certificate-errors-spki-list={b64encode(sha256(key).digest()).decode()}",
        ]

    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")


@contextmanager
def nginx(folder: Path, upstream: str) -> Iterator[Nginx]:
    """`upstream` is the address of a server, as http://host:port."""
    found = Nginx(free_port(), folder)
    _certificate(folder)
    (folder / "site.conf").write_text(_site(folder, found.port, free_port(), upstream.removeprefix("http://")))
    # Whoever is not root cannot name a user; and root, when it does not, becomes one who may not read the folder.
    user = "" if os.getuid() else "user root;"
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))
    process = subprocess.Popen([str(PROGRAM), "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        _wait(process, found.port)
        yield found
    finally:
        process.terminate()
        assert process.wait(60) == 0


def _site(folder: Path, secure: int, plain: int, upstream: str) -> str:
    """The shipped file with what an operator changes, and the log at a level that tells of temporary files."""
    text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    changes = {
        "listen [::]:": "# ",
        "listen 443": f"listen {HOST}:{secure}",
        "listen 80": f"listen {HOST}:{plain}",
        "127.0.0.1:8000": upstream,
        "/etc/ssl/quizapp": str(folder),
        "error_log stderr emerg": f"error_log {folder}/log warn",
    }
    for shipped, here in changes.items():
        assert shipped in text
        text = text.replace(shipped, here)
    return text


def _certificate(folder: Path) -> None:
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    made += ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    files = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run([*made, *files], check=True, capture_output=True)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    while process.poll() is None:
        try:
            socket.create_connection((HOST, port), timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nginx ended with {process.returncode}")
