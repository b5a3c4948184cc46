"""Martlet's answers to the script of API calls, compared with those that real kube-apiservers gave (see
Tests/Conformance: what they were, how they were recorded, and which differences are known)."""

import pathlib
import sys
import unittest

from martlet import MartletTest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Conformance"))

import conformance  # noqa: E402
from script.server import Server  # noqa: E402


class ConformanceTest(MartletTest):
    def test_the_script_of_api_calls(self):
        server = Server.with_kubeconfig(self.martlet.directory / "kubeconfig")
        count, unexplained, unneeded = conformance.check(server)
        print(f"{count} steps", file=sys.stderr)
        self.assertGreater(count, 1000)
        self.assertEqual("\n".join(str(one) for one in unexplained[:50]), "")
        self.assertEqual([f"{one.step} {one.place}" for one in unneeded], [])


if __name__ == "__main__":
    unittest.main()
