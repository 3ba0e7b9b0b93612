"""The image, compose and Kubernetes: by linters and schemas, and by what they must say."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema.validators import validator_for

from tests.deploy.conftest import DEPLOY, program

DOCKERFILE = (DEPLOY / "container" / "Dockerfile").read_text("utf-8")
MANIFESTS = sorted(path for path in (DEPLOY / "kubernetes").rglob("*.yaml") if path.name != "kustomization.yaml")
OURS = Path(sys.executable).parent


def beside_python(name: str) -> str:
    return str(OURS / name) if (OURS / name).exists() else program(name)


def documents(path: Path) -> Iterator[dict[str, Any]]:
    yield from yaml.safe_load_all(path.read_text("utf-8"))


def test_hadolint_finds_nothing():
    done = subprocess.run(
        [beside_python("hadolint"), str(DEPLOY / "container" / "Dockerfile")], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_is_no_root_and_has_what_it_copies():
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER \d{4,}:\d{4,}$", last, re.MULTILINE)
    assert re.search(r"^ENTRYPOINT \[", last, re.MULTILINE)
    allowed = {
        line[1:] for line in (DEPLOY.parent / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")
    }
    copied = {each for line in re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE) for each in line.split()}
    assert copied == allowed
    assert all((DEPLOY.parent / each).exists() for each in copied)


def test_compose_keeps_to_its_schema():
    holder = importlib.util.find_spec("check_jsonschema")  # which is not imported: it takes two seconds
    if holder is None or holder.origin is None:
        pytest.skip("check-jsonschema is not installed")
    schema = json.loads((Path(holder.origin).parent / "builtin_schemas/vendor/compose-spec.json").read_text("utf-8"))
    validator = validator_for(schema)(schema)
    for path in sorted((DEPLOY / "compose").glob("*.yaml")):
        assert [error.message for error in validator.iter_errors(next(documents(path)))] == [], path.name
    assert not validator.is_valid({"services": {"watch": {"imag": "forcewire"}}})


def test_compose_closes_each_container_and_mounts_what_is_there():
    for name in ("compose.yaml", "compose.nginx.yaml"):
        for service, said in next(documents(DEPLOY / "compose" / name))["services"].items():
            if "image" not in said:
                continue
            assert said["read_only"] is True, service
            assert said["cap_drop"] == ["ALL"], service
            assert said["security_opt"] == ["no-new-privileges:true"], service
            for volume in said["volumes"]:
                here = volume.partition(":")[0]
                assert not here.startswith("../") or (DEPLOY / "compose" / here).is_file(), volume


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_manifest_keeps_to_kubernetes_schema(path):
    validate = pytest.importorskip("kubernetes_validate")
    for document in documents(path):
        validate.validate(document, validate.latest_version(), strict=True)


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in MANIFESTS:
        for document in documents(path):
            if document["kind"] in ("Deployment", "StatefulSet", "Job"):
                yield f"{path.parent.name} {document['metadata']['name']}", document["spec"]["template"]["spec"]


def test_pods_are_restricted():
    found = dict(pods())
    assert len(found) == 4
    for name, pod in found.items():
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert (pod["automountServiceAccountToken"], pod["enableServiceLinks"]) == (False, False), name
        for container in (*pod["containers"], *pod.get("initContainers", ())):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, name
            assert container["resources"]["limits"]["memory"], name
            assert {each["name"] for each in container["volumeMounts"]} <= {
                *(each["name"] for each in pod["volumes"]),
                "data",
            }, name


@pytest.mark.slow
@pytest.mark.parametrize("way", ["sqlite", "postgresql"])
def test_kustomize_builds_it(way):
    done = subprocess.run(
        [program("kubectl"), "kustomize", str(DEPLOY / "kubernetes" / way)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    made = list(yaml.safe_load_all(done.stdout))
    assert {each["metadata"].get("namespace") for each in made if each["kind"] != "Namespace"} == {"forcewire"}
    settings = next(each["metadata"]["name"] for each in made if each["kind"] == "ConfigMap")
    for each in made:
        if each["kind"] in ("Deployment", "StatefulSet", "Job"):
            pod = each["spec"]["template"]["spec"]
            assert {"name": settings} in [volume.get("configMap") for volume in pod["volumes"]]
            assert all("/" in container["image"] for container in pod["containers"])
