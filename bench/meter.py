"""What a program costs: CPU time and memory of a run from start to end, or of a process that is still alive."""
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from peers import find

HERE = Path(__file__).resolve().parent
KILLED = 1009  # the status meter.c gives a program whose time was up: 1000 + SIGKILL


@dataclass
class Run:
    cpu: float  # seconds, user and system, of the process and the children it waited for
    wall: float  # seconds
    peak_kb: int
    status: int
    out: str
    err: str


class Meter:
    """Runs programs below meter.c, which it compiles first. [folder] is scratch space that goes away with the meter."""

    def __enter__(self) -> "Meter":
        compiler = find("CC", "cc", "gcc", "clang")
        if not compiler:
            raise SystemExit("measuring needs a C compiler, for meter.c")
        self.folder = Path(tempfile.mkdtemp(prefix="bench-"))
        subprocess.run([compiler, "-O1", "-o", self.folder / "meter", HERE / "meter.c"], check=True)
        return self

    def __exit__(self, *_) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, command: list, seconds: int = 60, environment: dict | None = None) -> Run:
        """Runs [command] without input for at most [seconds]."""
        result = self.folder / "result"
        done = subprocess.run(
            [self.folder / "meter", str(seconds), result, *command], stdin=subprocess.DEVNULL, capture_output=True,
            env={**os.environ, **(environment or {})})
        user, system, wall, peak_kb, status = result.read_text().split()
        return Run(float(user) + float(system), float(wall), int(peak_kb), int(status),
                   done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


def memory_mb(pid: int, field: str = "VmRSS") -> float:
    """Megabytes that the live process [pid] occupies; with the field VmHWM: has occupied at its peak."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"/proc has no {field}")


def cpu_seconds(pid: int) -> float:
    """User and system time of the live process [pid], of all its threads and of the children it waited for."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(ticks) for ticks in after_name[11:15]) / os.sysconf("SC_CLK_TCK")
