"""Starts the search node of the tests and stops it: `python3 tests/search_node/run.py start`, then `stop`.

`start` prints one line, the address, for TEST_ELASTICSEARCH_URL. It needs Java 17 and Maven (`apt-get install
default-jre-headless maven`), which fetches 77 MB from Maven Central into ~/.m2 the first time. The standard library only.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

HERE = Path(__file__).resolve().parent
PLACE = HERE.parents[1] / "build" / "search-node"
PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath"
MAIN = "org.codelibs.opensearch.runner.OpenSearchRunner"
PATIENCE_S = 120
PORTS = range(9201, 9300)


def classpath() -> str:
    """The jars of the node, fetched by Maven unless they are here already."""
    kept, pom = PLACE / "classpath", HERE / "pom.xml"
    if kept.exists() and kept.stat().st_mtime > pom.stat().st_mtime:
        jars = kept.read_text()
        if all(Path(jar).exists() for jar in jars.split(os.pathsep)):
            return jars
    fetch = ["mvn", "-B", "-q", "-ntp", "-Dstyle.color=never", "-f", str(pom), PLUGIN, f"-Dmdep.outputFile={kept}"]
    subprocess.run(fetch, check=True, stdout=sys.stderr)
    return kept.read_text()


def free_port() -> int:
    """A port that nobody listens at, of those that the runner takes."""
    for port in PORTS:
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)):
                return port
    sys.exit("No free port from 9201 to 9299.")


def start() -> str:
    """Start an empty node and wait until it answers; its address. Ends with its log if it does not come up."""
    stop()
    PLACE.mkdir(parents=True, exist_ok=True)
    jars, port, data = classpath(), free_port(), PLACE / "data"
    shutil.rmtree(data, ignore_errors=True)
    (data / "config").mkdir(parents=True)
    # The runner writes a configuration of its own unless it finds one; it adds the node's number (1) to the port.
    shutil.copy(HERE / "conf" / "opensearch.yml", data / "config" / "opensearch.yml")
    command = ["java", "-Xms512m", "-Xmx512m", "-cp", jars, MAIN, "-basePath", str(data), "-numOfNode", "1"]
    command += ["-confPath", str(data / "config"), "-baseHttpPort", str(port - 1), "-clusterName", "dalil-test"]
    with (PLACE / "log").open("wb") as log:
        node = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
    (PLACE / "pid").write_text(str(node.pid))
    url = f"http://127.0.0.1:{port}"
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and node.poll() is None:
        try:
            with urlopen(f"{url}/_cluster/health?wait_for_status=yellow&timeout=5s", timeout=10) as answer:
                if answer.status == 200:
                    return url
        except (URLError, OSError):
            time.sleep(0.3)
    stop()
    sys.exit(f"The search node did not come up:\n{(PLACE / 'log').read_text()[-4000:]}")


def stop() -> None:
    """Stop the node that `start` started here, if it still runs."""
    kept = PLACE / "pid"
    if not kept.exists():
        return
    number = int(kept.read_text())
    kept.unlink()
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for _tenth in range(100):
            if not _is_ours(number):
                return
            if _tenth == 0:
                os.kill(number, sign)
            time.sleep(0.1)


def _is_ours(number: int) -> bool:
    try:
        status = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
        return MAIN.encode() in Path(f"/proc/{number}/cmdline").read_bytes() and status != "Z"
    except OSError:
        return False


if __name__ == "__main__":
    wanted = sys.argv[1:]
    if wanted == ["start"]:
        print(start())
    elif wanted == ["stop"]:
        stop()
    else:
        sys.exit(__doc__)
