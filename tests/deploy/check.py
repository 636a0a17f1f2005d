"""deploy/ without a container engine: every file parses, configurations inside pass `wiredesk check`, the container has the
libraries that the program is linked with, and pages name every command."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = sys.argv[1]
failed = 0


def report(name, fault):
    global failed
    failed += bool(fault)
    print(f"not ok deploy/{name} - {fault}" if fault else f"ok deploy/{name}", flush=True)


def documents(file):
    return list(yaml.safe_load_all((ROOT / "deploy" / file).read_text()))


def check_config(text, environment):
    """What `wiredesk check` says; the secret's file is not here, so it is taken for a plain text."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        file.write(text.replace("${file:/etc/wiredesk/secret/password}", "x"))
        file.flush()
        run = subprocess.run([BINARY, "check", file.name], capture_output=True, text=True, env=environment, check=False)
        return run.returncode and run.stderr


def parse():
    for file in sorted((ROOT / "deploy").rglob("*")):
        if file.suffix in (".json", ".yaml") and "samples/stories" not in str(file):
            try:
                json.loads(file.read_text()) if file.suffix == ".json" else list(yaml.safe_load_all(file.read_text()))
                fault = None
            except (ValueError, yaml.YAMLError) as error:
                fault = " ".join(str(error).split())
            report(f"parses/{file.relative_to(ROOT / 'deploy')}", fault)


def kubernetes():
    parts = {part["kind"]: part for part in documents("kubernetes/wiredesk.yaml")}
    report("kubernetes/config", check_config(parts["ConfigMap"]["data"]["wiredesk.json"], {"KAFKA_SERVERS": "kafka:9092", "KAFKA_USER": "u"}))
    config = json.loads(parts["ConfigMap"]["data"]["wiredesk.json"])
    pod = parts["StatefulSet"]["spec"]["template"]["spec"]
    container = pod["containers"][0]
    port = int(config["admin"]["listen"].split(":")[1])
    told = [part for part in (container["ports"][0]["containerPort"], parts["Service"]["spec"]["ports"][0]["port"]) if part != port]
    report("kubernetes/port", told and f"port {told}, not {port}")
    answered = (ROOT / "ingest/admin.c").read_text()
    probes = [container[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")]
    report("kubernetes/probes", [path for path in probes if f'"{path}"' not in answered])
    mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
    report("kubernetes/state", config["state"]["directory"] not in mounts and f"{config['state']['directory']} is no volume")
    needed = set(re.findall(r"\$\{env:(\w+)\}", parts["ConfigMap"]["data"]["wiredesk.json"]))
    report("kubernetes/environment", needed - {variable["name"] for variable in container["env"]})
    report("kubernetes/drain", pod["terminationGracePeriodSeconds"] <= 20 and "the drain takes up to 20 s")


def compose():
    report("compose/config", check_config((ROOT / "deploy/container/wiredesk.json").read_text(), {}))
    services = documents("container/compose.yaml")[0]["services"]
    config = json.loads((ROOT / "deploy/container/wiredesk.json").read_text())
    pipeline = config["pipelines"][0]
    wanted = {*pipeline["input"]["topics"], *(output["topic"] for output in pipeline["outputs"]), pipeline["dead_letter"]}
    made = set(re.search(r"for t in (.*?);", services["topics"]["command"][0]).group(1).split())
    report("compose/topics", made ^ wanted)
    for name, service in services.items():
        here = [volume.split(":")[0] for volume in service.get("volumes", []) if volume.startswith(".")]
        report(f"compose/files/{name}", [path for path in here if not (ROOT / "deploy/container" / path).is_file()])


def same_pipelines():
    """The same desk, however it is deployed."""
    wanted = json.loads((ROOT / "deploy/wiredesk.json").read_text())["pipelines"]
    parts = {part["kind"]: part for part in documents("kubernetes/wiredesk.yaml")}
    texts = {"kubernetes": parts["ConfigMap"]["data"]["wiredesk.json"], "container": (ROOT / "deploy/container/wiredesk.json").read_text(),
             "samples": (ROOT / "deploy/samples/wiredesk.json").read_text()}
    for name, text in texts.items():
        report(f"same-pipelines/{name}", json.loads(text)["pipelines"] != wanted and "has other pipelines than deploy/wiredesk.json")
    joined = json.loads((ROOT / "deploy/wiredesk-joined.json").read_text())["pipelines"][1]
    split = [part for part in wanted[0]["processors"] if part["use"] != "entities"]
    report("same-pipelines/joined", (joined["processors"] != split or joined["outputs"] != wanted[0]["outputs"]) and "judges otherwise than deploy/wiredesk.json")


def service():
    """The unit, as systemd reads it, where it is installed."""
    if not shutil.which("systemd-analyze"):
        return
    with tempfile.TemporaryDirectory() as folder:
        unit = pathlib.Path(folder) / "wiredesk.service"
        unit.write_text((ROOT / "deploy/wiredesk.service").read_text().replace("/usr/bin/wiredesk", BINARY))
        run = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    report("service", (run.returncode or "wiredesk.service" in run.stderr) and run.stderr)


def libraries():
    """Each library of the program comes from a package that the container installs."""
    text = (ROOT / "deploy/container/Containerfile").read_text()
    installed = set(re.search(r"--no-install-recommends \\\n(.*?)&&", text, re.S).group(1).replace("\\", " ").split())
    linked = re.findall(r"=> (\S+)", subprocess.run(["ldd", BINARY], capture_output=True, text=True, check=True).stdout)
    direct = re.findall(r"NEEDED +(\S+)", subprocess.run(["objdump", "-p", BINARY], capture_output=True, text=True, check=True).stdout)
    missing = set()
    for path in linked:
        if pathlib.Path(path).name not in direct:
            continue
        owner = subprocess.run(["dpkg", "-S", str(pathlib.Path(path).resolve())], capture_output=True, text=True, check=False).stdout
        owner = owner or subprocess.run(["dpkg", "-S", path.removeprefix("/usr")], capture_output=True, text=True, check=False).stdout
        package = owner.split(":")[0]
        if package not in installed | {"libc6", "libgcc-s1"}:
            missing.add(package or path)
    report("container/libraries", missing)


def commands():
    overview = subprocess.run([BINARY, "--help"], capture_output=True, text=True, check=True).stdout
    names = set(re.findall(r"^  wiredesk (\w+)", overview, re.M))
    page = (ROOT / "deploy/wiredesk.1").read_text()
    report("man-page", names - set(re.findall(r"^\.BI? (\w+)", page, re.M)))
    report("readme/commands", names - set(re.findall(r"^\| `(\w+)", (ROOT / "README.md").read_text(), re.M)))
    for name in sorted(names):
        text = subprocess.run([BINARY, name, "--help"], capture_output=True, text=True, check=True).stdout
        lines = text.splitlines()
        report(f"help/{name}", len(lines) > 40 and f"{len(lines)} lines do not fit a screen" or max(map(len, lines)) > 100 and "a line is too long")


parse()
kubernetes()
compose()
same_pipelines()
service()
libraries()
commands()
sys.exit(failed > 0)
