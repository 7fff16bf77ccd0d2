"""The Kubernetes manifests and the compose files: their settings, probes, ports, secrets and references exist."""

import copy
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from tests.support.paths import ROOT
from wherefrom.index.library import Library
from wherefrom.service.api.app import create_app
from wherefrom.service.settings import Settings, from_environment, secret_names, variable

FOLDER = ROOT / "docs" / "kubernetes"
KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text(encoding="utf-8"))
COMPOSE = yaml.safe_load((ROOT / "compose.scale.yaml").read_text(encoding="utf-8"))
GUIDE = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
NAME = "app.kubernetes.io/name"
SECRET_FOLDERS = ("/run/secrets/wherefrom/", "/run/secrets/")
SECRETS = {
    "postgres-dsn": "postgresql://wherefrom:a-password@postgresql/wherefrom\n",
    "api-keys": "newsroom:0123456789abcdef0123456789abcdef\n",
}
SERVICE_MIB = 300
"""What the service takes on the seeds (docs/benchmarks.md)."""
READERS = 2
"""Processes of a service that read documents (docs/operations.md)."""

Manifest = dict[str, Any]


def manifests() -> list[Manifest]:
    return [
        manifest
        for name in KUSTOMIZATION["resources"]
        for manifest in yaml.safe_load_all((FOLDER / name).read_text(encoding="utf-8"))
    ]


MANIFESTS = manifests()
WORKLOADS = [manifest for manifest in MANIFESTS if manifest["kind"] in ("Deployment", "StatefulSet")]
SERVICES = {manifest["metadata"]["name"]: manifest for manifest in MANIFESTS if manifest["kind"] == "Service"}


def the(kind: str, name: str) -> Manifest:
    (found,) = [one for one in MANIFESTS if one["kind"] == kind and one["metadata"]["name"] == name]
    return found


def pod(workload: Manifest) -> Manifest:
    spec: Manifest = workload["spec"]["template"]["spec"]
    return spec


def container(workload: Manifest) -> Manifest:
    (only,) = pod(workload)["containers"]
    return dict(only)


def workload_of(selector: Mapping[str, str]) -> Manifest:
    """Return the one workload whose pods have the labels of a selector."""
    (found,) = [one for one in WORKLOADS if selector.items() <= one["spec"]["template"]["metadata"]["labels"].items()]
    return found


def ports(workload: Manifest) -> dict[str, int]:
    return {port["name"]: port["containerPort"] for port in container(workload)["ports"]}


def kubernetes_settings() -> dict[str, str]:
    (generator,) = KUSTOMIZATION["configMapGenerator"]
    (file,) = generator["envs"]
    lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def compose_settings() -> dict[str, str]:
    return dict(COMPOSE["services"]["wherefrom"]["environment"])


def image_settings() -> dict[str, str]:
    return dict(re.findall(r"\b(WHEREFROM_\w+)=(\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8")))


def read(environment: Mapping[str, str], folder: Path) -> Settings:
    """Return the settings as a container of the image reads them, with secrets in `folder`."""
    for name, text in SECRETS.items():
        (folder / name).write_text(text, encoding="utf-8")
    mounted = {
        name: re.sub("^(" + "|".join(SECRET_FOLDERS) + ")", f"{folder}/", text) for name, text in environment.items()
    }
    return from_environment(image_settings() | mounted)


DEPLOYED = pytest.mark.parametrize(
    "settings", [kubernetes_settings(), compose_settings()], ids=["kubernetes", "compose"]
)


@DEPLOYED
def test_the_service_accepts_every_variable(settings: dict[str, str], tmp_path: Path) -> None:
    read_settings = read(settings, tmp_path)
    assert read_settings.engine == "cluster"
    assert read_settings.cluster() == (SECRETS["postgres-dsn"].strip(), "http://milvus:19530")
    assert len(read_settings.write_keys) == 1
    create_app(read_settings, unopened)


def unopened() -> Library:
    raise AssertionError("a collection was opened")


@DEPLOYED
def test_no_secret_is_in_the_environment(settings: dict[str, str]) -> None:
    assert not {variable(name) for name in secret_names()} & set(settings)


@DEPLOYED
def test_a_mistyped_variable_would_be_refused(settings: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(Exception, match="WHEREFROM_ENGIN is no setting"):
        read(settings | {"WHEREFROM_ENGIN": "cluster"}, tmp_path)


def test_no_pod_gets_variables_that_are_named_after_services() -> None:
    assert [one["metadata"]["name"] for one in WORKLOADS if pod(one).get("enableServiceLinks") is not False] == []


def test_every_probe_asks_for_a_path_and_a_port_that_exist(tmp_path: Path) -> None:
    included = create_app(read(kubernetes_settings(), tmp_path), unopened).routes
    routes = {
        route.path for router in included for route in getattr(getattr(router, "original_router", None), "routes", ())
    }
    for workload in WORKLOADS:
        probes = {name: probe for name, probe in container(workload).items() if name.endswith("Probe")}
        assert {"livenessProbe", "readinessProbe"} <= set(probes), workload["metadata"]["name"]
        for probe in probes.values():
            target = probe.get("httpGet") or probe.get("tcpSocket")
            assert target is None or target["port"] in ports(workload)
            if workload["metadata"]["name"] == "wherefrom":
                assert target["path"] in routes
    service = container(the("Deployment", "wherefrom"))
    assert service["livenessProbe"]["httpGet"]["path"] == "/livez"
    assert service["readinessProbe"]["httpGet"]["path"] == "/readyz"


def test_the_service_listens_on_the_port_of_its_container() -> None:
    assert ports(the("Deployment", "wherefrom")) == {"http": int(image_settings()["WHEREFROM_PORT"])}


def test_every_file_is_a_part_of_the_kustomization() -> None:
    (generator,) = KUSTOMIZATION["configMapGenerator"]
    named = {"kustomization.yaml", *KUSTOMIZATION["resources"], *generator["envs"]}
    assert {path.name for path in FOLDER.iterdir()} == named
    assert {image["name"] for image in KUSTOMIZATION["images"]} <= {container(one)["image"] for one in WORKLOADS}


def test_services_budgets_and_policies_select_pods_and_ports_that_exist() -> None:
    for service in SERVICES.values():
        workload = workload_of(service["spec"]["selector"])
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= set(ports(workload))
        assert workload["spec"].get("serviceName", service["metadata"]["name"]) == service["metadata"]["name"]
    for workload in WORKLOADS:
        assert workload_of(workload["spec"]["selector"]["matchLabels"]) is workload
    budget = the("PodDisruptionBudget", "wherefrom")["spec"]
    assert budget["maxUnavailable"] < workload_of(budget["selector"]["matchLabels"])["spec"]["replicas"]
    for policy in (one for one in MANIFESTS if one["kind"] == "NetworkPolicy"):
        labels = policy["spec"]["podSelector"].get("matchLabels")
        for rule in policy["spec"].get("ingress", ()):
            assert {port["port"] for port in rule["ports"]} <= set(ports(workload_of(labels)).values())
        for rule in policy["spec"].get("egress", ()):
            for peer in (one["podSelector"] for one in rule["to"] if "podSelector" in one):
                assert {port["port"] for port in rule["ports"]} <= set(ports(workload_of(peer["matchLabels"])).values())


def addresses() -> Iterator[tuple[str, str, int]]:
    """Yield who connects to which Service at which port, as far as settings and variables say it."""
    milvus = urlsplit(kubernetes_settings()["WHEREFROM_MILVUS_URI"])
    yield "wherefrom", str(milvus.hostname), int(milvus.port or 0)
    (dsn,) = re.findall(r"postgresql://\S+@(\w+)/", GUIDE.partition("## On Kubernetes")[2])[:1]
    yield "wherefrom", dsn, 5432
    for variable_of_milvus in container(the("StatefulSet", "milvus"))["env"]:
        if match := re.fullmatch(r"(\w+):(\d+)", variable_of_milvus.get("value", "")):
            yield "milvus", match[1], int(match[2])


def test_every_address_is_a_service_that_the_policies_let_through() -> None:
    assert {(client, server) for client, server, _ in addresses()} == {
        ("wherefrom", "milvus"),
        ("wherefrom", "postgresql"),
        ("milvus", "etcd"),
        ("milvus", "minio"),
    }
    for client, server, port in addresses():
        assert port in {one["port"] for one in SERVICES[server]["spec"]["ports"]}
        outgoing = {"podSelector": {"matchLabels": {NAME: server}}}
        incoming = {"podSelector": {"matchLabels": {NAME: client}}}
        rule = {"ports": [{"protocol": "TCP", "port": port}]}
        assert {"to": [outgoing]} | rule in the("NetworkPolicy", client)["spec"]["egress"]
        assert {"from": [incoming]} | rule in the("NetworkPolicy", server)["spec"]["ingress"]


def test_everything_is_denied_that_no_policy_lets_through() -> None:
    spec = the("NetworkPolicy", "default-deny")["spec"]
    assert spec == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_the_ingress_leads_to_the_service_under_its_prefix(tmp_path: Path) -> None:
    ingress = the("Ingress", "wherefrom")
    (rule,) = ingress["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    backend = path["backend"]["service"]
    assert backend["port"]["name"] in {port["name"] for port in SERVICES[backend["name"]]["spec"]["ports"]}
    settings = read(kubernetes_settings(), tmp_path)
    assert path["path"] == settings.root_path
    size = ingress["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-body-size"]
    assert int(size.removesuffix("m")) << 20 == settings.max_upload_bytes


def test_every_mount_has_a_volume_and_every_file_of_a_variable_is_a_mounted_secret() -> None:
    for workload in WORKLOADS:
        one, volumes = container(workload), {volume["name"]: volume for volume in pod(workload).get("volumes", ())}
        claims = {claim["metadata"]["name"] for claim in workload["spec"].get("volumeClaimTemplates", ())}
        mounts = {mount["name"]: mount["mountPath"] for mount in one["volumeMounts"]}
        assert set(mounts) == set(volumes) | claims
        files = {
            f"{mounts[name]}/{item['path']}"
            for name, volume in volumes.items()
            for item in volume.get("secret", {}).get("items", ())
        }
        variables = {variable["name"]: variable.get("value", "") for variable in one.get("env", ())}
        if "envFrom" in one:
            assert one["envFrom"] == [{"configMapRef": {"name": KUSTOMIZATION["configMapGenerator"][0]["name"]}}]
            variables |= kubernetes_settings()
        assert {text for name, text in variables.items() if name.endswith("_FILE")} == files


def test_the_guide_makes_every_secret_that_is_used() -> None:
    used: dict[str, set[str]] = {}
    for workload in WORKLOADS:
        for volume in pod(workload).get("volumes", ()):
            if secret := volume.get("secret"):
                used.setdefault(secret["secretName"], set()).update(item["key"] for item in secret["items"])
        for reference in container(workload).get("env", ()):
            if "valueFrom" in reference:
                key = reference["valueFrom"]["secretKeyRef"]
                used.setdefault(key["name"], set()).add(key["key"])
    made = re.findall(r"create secret generic (\w+)((?: \\?\s*--from-(?:file|literal)=\S+)+)", GUIDE)
    assert {name: set(re.findall(r"--from-\w+=([\w-]+)=", keys)) for name, keys in made} == used


def test_the_service_runs_without_root_and_writes_nothing_of_its_image() -> None:
    for name in ("wherefrom", "postgresql", "etcd", "minio"):
        (workload,) = [one for one in WORKLOADS if one["metadata"]["name"] == name]
        assert pod(workload)["securityContext"]["runAsNonRoot"] is True
        assert pod(workload)["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert container(workload)["securityContext"]["readOnlyRootFilesystem"] is True
    for workload in WORKLOADS:
        assert pod(workload)["automountServiceAccountToken"] is False
        assert container(workload)["securityContext"]["allowPrivilegeEscalation"] is False
        assert container(workload)["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    user = pod(the("Deployment", "wherefrom"))["securityContext"]["runAsUser"]
    assert f"\nUSER {user}:{user}\n" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_every_container_says_what_it_needs(tmp_path: Path) -> None:
    for workload in WORKLOADS:
        resources = container(workload)["resources"]
        assert {"cpu", "memory"} <= set(resources["requests"])
        assert "memory" in resources["limits"]
    limit = container(the("Deployment", "wherefrom"))["resources"]["limits"]["memory"]
    for memory, settings in ((limit, kubernetes_settings()), (compose_limit(), compose_settings())):
        mib = int(re.match(r"\d+", memory)[0]) << 10  # type: ignore[index]
        assert mib >= SERVICE_MIB + READERS * read(settings, tmp_path).reading_mib


def test_the_guide_says_what_all_pods_request() -> None:
    units = {"m": 0.001, "Mi": 1 / 1024, "Gi": 1, "": 1}
    total = {"cpu": 0.0, "memory": 0.0}
    for workload in WORKLOADS:
        for name in total:
            number, unit = re.findall(r"^(\d+)(\w*)$", container(workload)["resources"]["requests"][name])[0]
            total[name] += workload["spec"]["replicas"] * int(number) * units[unit]
    assert f"request {total['cpu']:g} cores and {total['memory']:g} GiB" in GUIDE


def compose_limit() -> str:
    return str(COMPOSE["services"]["wherefrom"]["deploy"]["resources"]["limits"]["memory"])


def test_an_update_takes_no_instance_away_before_another_is_ready(tmp_path: Path) -> None:
    deployment = the("Deployment", "wherefrom")
    assert deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    _, seconds = container(deployment)["lifecycle"]["preStop"]["exec"]["command"]
    ending = int(seconds) + read(kubernetes_settings(), tmp_path).shutdown_seconds
    assert ending < pod(deployment)["terminationGracePeriodSeconds"]
    grace = int(COMPOSE["services"]["wherefrom"]["stop_grace_period"].removesuffix("s"))
    assert read(compose_settings(), tmp_path).shutdown_seconds < grace


@pytest.fixture(scope="module")
def validate() -> Any:  # noqa: ANN401 - a function of a package without types
    try:
        import kubernetes_validate  # noqa: PLC0415 - may be missing
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail("kubernetes-validate is not installed")
        pytest.skip("needs kubernetes-validate (pip install wherefrom[dev])")
    return kubernetes_validate.validate


@pytest.mark.parametrize("version", ["1.25", "1.37"])
@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda one: f"{one['kind']}-{one['metadata']['name']}")
def test_every_manifest_has_the_schema_of_its_kind(manifest: Manifest, version: str, validate: Any) -> None:  # noqa: ANN401
    validate(manifest, version, strict=True)


def test_an_unknown_field_is_not_of_the_schema(validate: Any) -> None:  # noqa: ANN401
    changed = copy.deepcopy(the("Deployment", "wherefrom"))
    pod(changed)["enableServiceLink"] = False
    with pytest.raises(Exception, match="enableServiceLink"):
        validate(changed, "1.37", strict=True)


def test_kustomize_renders_the_folder() -> None:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("no kubectl on this machine")
    command = [kubectl, "kustomize", str(FOLDER)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    rendered = list(yaml.safe_load_all(done.stdout))
    assert len(rendered) == len(MANIFESTS) + 1
    (settings,) = [one["data"] for one in rendered if one["kind"] == "ConfigMap"]
    assert settings == kubernetes_settings()
    namespaces = {one["metadata"].get("namespace") for one in rendered if one["kind"] != "Namespace"}
    assert namespaces == {the("Namespace", "wherefrom")["metadata"]["name"]}


def test_every_reference_of_the_compose_file_resolves() -> None:
    assert {name for one in COMPOSE["services"].values() for name in one.get("networks", ())} == set(
        COMPOSE["networks"]
    )
    assert {name for one in COMPOSE["services"].values() for name in one.get("secrets", ())} == set(COMPOSE["secrets"])
    volumes = {text.partition(":")[0] for one in COMPOSE["services"].values() for text in one.get("volumes", ())}
    assert volumes == set(COMPOSE["volumes"])
    configs = {config["source"] for one in COMPOSE["services"].values() for config in one.get("configs", ())}
    assert configs == set(COMPOSE["configs"])
    for service in COMPOSE["services"].values():
        for name, condition in service.get("depends_on", {}).items():
            required = COMPOSE["services"][name]
            assert condition == {"condition": "service_healthy"}
            assert "healthcheck" in required or name == "wherefrom"  # which has the one of its image
        for text in re.findall(r"/run/secrets/([\w-]+)", json.dumps(service)):
            assert text in service["secrets"]


def test_the_proxy_of_the_compose_file_is_trusted_and_finds_the_service(tmp_path: Path) -> None:
    (network,) = COMPOSE["networks"]["front"]["ipam"]["config"]
    assert read(compose_settings(), tmp_path).trusted_proxies == network["subnet"]
    caddyfile = COMPOSE["configs"]["caddyfile"]["content"]
    assert f"port {image_settings()['WHEREFROM_PORT']}\n" in caddyfile
    assert "name wherefrom\n" in caddyfile
    (published,) = COMPOSE["services"]["proxy"]["ports"]
    assert f":{published.rpartition(':')[2]} {{" in caddyfile


def test_the_image_of_the_compose_file_is_built_with_packages_that_are_pinned() -> None:
    build = COMPOSE["services"]["wherefrom"]["build"]
    name = build["args"]["REQUIREMENTS"]
    assert (ROOT / ".ci" / name).is_file()
    assert f"!.ci/{name}" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "ARG REQUIREMENTS=image.txt\n" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_both_ways_take_the_same_images() -> None:
    kubernetes = {one["metadata"]["name"]: container(one)["image"] for one in WORKLOADS} | {"wherefrom": ""}
    compose = {name: one["image"] for name, one in COMPOSE["services"].items() if name != "proxy"} | {"wherefrom": ""}
    assert kubernetes == compose
