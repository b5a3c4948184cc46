"""Model servers of others: each installed from the registries, with a real model, called by each of its protocols."""

import json
import tempfile

from martlet import CACHE, MartletTest, eventually

# Trains on scikit-learn's own iris, inside the very environment that serves.
TRAINER = """
import os, joblib, lightgbm, xgboost
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

rows, classes = load_iris(return_X_y=True)
for kind in ("sklearn", "xgboost", "lightgbm"):
    os.makedirs("/mnt/trained/" + kind, exist_ok=True)
joblib.dump(LogisticRegression(max_iter=1000).fit(rows, classes), "/mnt/trained/sklearn/model.joblib")
xgboost.XGBClassifier(n_estimators=20).fit(rows, classes).get_booster().save_model("/mnt/trained/xgboost/model.ubj")
lightgbm.LGBMClassifier(n_estimators=20, verbose=-1).fit(rows, classes).booster_.save_model("/mnt/trained/lightgbm/model.bst")
"""

# A setosa and a virginica.
FLOWERS = [[5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3]]
CLASSES = [0, 2]


def service(name, model_format, uri, **model):
    return json.dumps({
        "apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "metadata": {"name": name},
        "spec": {"predictor": {"minReplicas": 1, "maxReplicas": 1, "model": {
            "modelFormat": {"name": model_format}, "storageUri": uri, **model}}}})


class ClassicModelsTest(MartletTest):
    """KServe's servers for scikit-learn, XGBoost and LightGBM."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.models = tempfile.mkdtemp(prefix="iris-", dir=CACHE)
        cls.martlet.run("apply", "-f", "-", input=json.dumps({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "trainer"},
            "spec": {"restartPolicy": "Never", "volumes": [{"name": "models", "hostPath": {"path": cls.models}}],
                     "containers": [{"name": "main", "image": "kserve/sklearnserver:v0.20.0",
                                     "command": ["python", "-c", TRAINER],
                                     "volumeMounts": [{"name": "models", "mountPath": "/mnt/trained"}]}]}}))
        status = eventually(cls.trained, timeout=400, every=0.5, what="the trainer's end")
        assert status["phase"] == "Succeeded", status

    @classmethod
    def trained(cls):
        status = cls.martlet.object("pod", "trainer").get("status", {})
        return status if status.get("phase") in ("Succeeded", "Failed") else None

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

    def test_a_directory_without_a_model_says_what_it_holds(self):
        folder = tempfile.mkdtemp(prefix="wrong-", dir=CACHE)
        open(f"{folder}/weights.onnx", "w").close()
        self.martlet.run("apply", "-f", "-", input=service("wrong", "sklearn", f"file://{folder}"))
        failure = eventually(self.failure, timeout=60, every=0.5, what="the failure")
        self.assertIn("weights.onnx", failure["message"])

    def failure(self):
        status = self.martlet.object("isvc", "wrong").get("status", {})
        return status.get("modelStatus", {}).get("lastFailureInfo")
