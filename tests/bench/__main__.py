"""`make bench`: the desk end to end against plain Rasa, same data, same machine, same run.

Plain Rasa is `rasa run` with the pipeline `rasa init` gives, trained on the same data and using
the same action server, asked over its REST channel. The desk is asked the way a shopper's page asks
it, through database, queue of turns and event stream. Ratios hold across machines; milliseconds do
not.
"""

import argparse
import asyncio
import hashlib
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import jwt

from integrations.settings import ROOT
from tests.bench.clients import DeskClient, RestClient
from tests.bench.load import Ageing, Load, Open, age, drive
from tests.bench.processes import BOT_PYTHON, free_port, memory_by_process, running, train
from tests.bench.report import render

BASELINE = ROOT / "tests" / "bench" / "baseline"
MODELS = ROOT / "models"
SENDERS = (1, 8, 32)


@dataclass(frozen=True)
class Result:
    """What one system showed."""

    train_seconds: float
    start_seconds: float
    loads: list[Load]
    ageing: Ageing
    memory_mib: dict[str, float]


async def measure(open_client: Open, messages: int) -> tuple[list[Load], Ageing]:
    """Warm up, then every number of senders, then one long conversation."""
    await drive(open_client, senders=2, messages_each=10)
    loads = [
        await drive(open_client, senders=senders, messages_each=max(10, messages // senders))
        for senders in SENDERS
    ]
    return loads, await age(open_client)


EPOCHS_MEANT = 100
"""What Rasa's default pipeline trains; hours on our data and two cores."""


def baseline_model(epochs: int, var: Path) -> tuple[Path, float]:
    """Return plain Rasa's model and the seconds its whole training takes.

    Speed and memory do not depend on the epochs, so few are trained and the rest is counted from
    the seconds an epoch took. Trained once per state of the data and number of epochs.
    """
    config = (BASELINE / "config.yml").read_text()
    config = config.replace(f"epochs: {EPOCHS_MEANT}", f"epochs: {epochs}")
    digest = hashlib.sha256(config.encode())
    for path in sorted([ROOT / "domain.yml", *(ROOT / "data").rglob("*.yml")]):
        digest.update(path.read_bytes())
    name = f"baseline-{digest.hexdigest()[:16]}"
    seconds_file = MODELS / f"{name}.seconds"
    if not seconds_file.exists():
        print(f"training plain Rasa's default pipeline, {epochs} epochs", file=sys.stderr)
        config_file = var / "plain.yml"
        config_file.write_text(config)
        log = var / "train-plain.log"
        seconds = train(config_file, MODELS, name, log)
        seconds += (EPOCHS_MEANT - epochs) * seconds_per_epoch(log.read_text(errors="replace"))
        seconds_file.write_text(str(seconds))
    return MODELS / f"{name}.tar.gz", float(seconds_file.read_text())


def seconds_per_epoch(log: str) -> float:
    """Return the seconds an epoch took, summed over all components, from Rasa's progress bars."""
    bars = re.findall(r"100%\|[^|]*\| (\d+)/\d+ \[(?:(\d+):)?(\d+):(\d+)<", log)
    return sum(
        (3600 * int(hours or 0) + 60 * int(minutes) + int(seconds)) / int(epochs)
        for epochs, hours, minutes, seconds in set(bars)
    )


@contextmanager
def desk(var: Path, ports: dict[str, int]) -> Iterator[tuple[int, float]]:
    """Bring the whole desk up; yield the launcher's process id and the seconds it took."""
    env = {
        "FRONTDESK_VAR_DIR": str(var),
        "FRONTDESK_MODELS_DIR": str(MODELS),
        "FRONTDESK_DESK_PORT": str(ports["desk"]),
        "FRONTDESK_ASSISTANT_URL": f"http://127.0.0.1:{ports['assistant']}",
        "FRONTDESK_ACTIONS_URL": f"http://127.0.0.1:{ports['actions']}",
        "FRONTDESK_LOG_LEVEL": "warning",
    }
    ready = f"http://127.0.0.1:{ports['desk']}/health/ready"
    command = [sys.executable, "-m", "frontdesk", "up"]
    with running(command, env=env, ready_url=ready, log=var / "up.log") as (process, seconds):
        yield process.pid, seconds


@contextmanager
def plain_rasa(model: Path, var: Path, ports: dict[str, int]) -> Iterator[tuple[int, float]]:
    """Run plain Rasa beside the desk's action server; yield its process id and start seconds."""
    env = {
        "FRONTDESK_ACTIONS_WEBHOOK": f"http://127.0.0.1:{ports['actions']}/webhook",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    port = str(ports["baseline"])
    command = [
        str(BOT_PYTHON), "-m", "rasa", "run", "--model", str(model), "--enable-api",
        "--interface", "127.0.0.1", "--port", port,
        "--credentials", str(BASELINE / "credentials.yml"),
        "--endpoints", str(BASELINE / "endpoints.yml"),
    ]  # fmt: skip
    ready = f"http://127.0.0.1:{port}/status"
    with running(command, env=env, ready_url=ready, log=var / "plain.log") as (process, seconds):
        yield process.pid, seconds


def compare(messages: int, plain_epochs: int) -> dict[str, Result]:
    """Measure both systems one after the other and return their results by name."""
    MODELS.mkdir(exist_ok=True)
    ports = {name: free_port() for name in ("desk", "assistant", "actions", "baseline")}
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as folder, ExitStack() as stack:
        var = Path(folder)
        plain_model, plain_train = baseline_model(plain_epochs, var)
        ours_train = train(ROOT / "config.yml", var / "trained", "bench", var / "train.log")
        with desk(var, ports):
            pass  # the first start makes and seeds the databases
        desk_pid, desk_start = stack.enter_context(desk(var, ports))
        shopper = json.loads((var / "demo.json").read_text())["shoppers"][0]
        claims = jwt.decode(shopper["shopper_token"], options={"verify_signature": False})
        customer_id = claims["sub"]

        url = f"http://127.0.0.1:{ports['desk']}"
        loads, ageing = asyncio.run(
            measure(lambda _: DeskClient.open(url, shopper["shopper_token"]), messages)
        )
        ours = Result(ours_train, desk_start, loads, ageing, memory_by_process(desk_pid))

        plain_pid, plain_start = stack.enter_context(plain_rasa(plain_model, var, ports))
        url = f"http://127.0.0.1:{ports['baseline']}"
        loads, ageing = asyncio.run(
            measure(lambda name: RestClient.open(url, name, customer_id), messages)
        )
        memory = memory_by_process(plain_pid)
        memory["actions"] = ours.memory_mib["actions"]
        return {"frontdesk": ours, "plain": Result(plain_train, plain_start, loads, ageing, memory)}


def main() -> None:
    """Parse the arguments, measure, print, and keep the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--messages", type=int, default=320, help="messages per load (default 320)")
    parser.add_argument(
        "--plain-epochs",
        type=int,
        default=2,
        help="epochs plain Rasa is really trained; its training time is extrapolated to 100",
    )
    arguments = parser.parse_args()
    results = compare(arguments.messages, arguments.plain_epochs)
    print(render(results["frontdesk"], results["plain"]))
    kept = ROOT / "var" / "bench"
    kept.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    (kept / f"{stamp}.json").write_text(
        json.dumps({name: asdict(result) for name, result in results.items()}, indent=1)
    )


if __name__ == "__main__":
    main()
