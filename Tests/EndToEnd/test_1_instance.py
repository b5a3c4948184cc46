"""martlet up, down, status: one instance for each data directory, clear errors, nothing left behind."""

import signal
import subprocess
import unittest

from martlet import PROGRAM, Instance, MartletTest, eventually, processes_below


class InstanceTest(MartletTest):
    def test_status_says_where_it_listens(self):
        text = self.martlet.run("status")
        self.assertIn(str(self.martlet.ports["gateway"]), text)
        self.assertIn(str(self.martlet.ports["api"]), text)

    def test_a_second_instance_on_the_same_directory_is_one_clear_error(self):
        other = Instance(self.martlet.directory)
        result = subprocess.run([PROGRAM, "up", *other.flags()], capture_output=True, text=True, timeout=30)
        self.assertEqual(result.returncode, 1)
        self.assertIn("already runs on", result.stderr)
        self.assertIn("--data-dir", result.stderr)

    def test_a_taken_port_is_one_clear_error(self):
        for name in ("api", "gateway", "admin"):
            with self.subTest(name):
                other = Instance()
                other.ports[name] = self.martlet.ports[name]
                result = subprocess.run([PROGRAM, "up", *other.flags()], capture_output=True, text=True, timeout=30)
                self.assertEqual(result.returncode, 1, result.stderr)
                self.assertIn(str(other.ports[name]), result.stderr)
                self.assertIn(f"--{name}-port", result.stderr)

    def test_the_kubeconfig_is_private(self):
        self.assertEqual((self.martlet.directory / "kubeconfig").stat().st_mode & 0o777, 0o600)

    def test_only_loopback_listens(self):
        text = subprocess.run(["cat", "/proc/net/tcp"], capture_output=True, text=True).stdout
        for port in self.martlet.ports.values():
            for line in text.splitlines():
                if f":{port:04X} 00000000:0000 0A" in line:
                    self.assertIn(f"0100007F:{port:04X}", line)

    def test_an_unknown_name_says_where_the_known_ones_are(self):
        for verb in (["why", "nothing"], ["describe", "isvc", "nothing"], ["logs", "nothing"]):
            with self.subTest(verb[0]):
                result = self.martlet.run(*verb, check=False)
                self.assertEqual(result.returncode, 1)
                self.assertIn('"nothing" not found', result.stderr)
                self.assertIn("martlet get inferenceservices -A", result.stderr)


class StoppingTest(unittest.TestCase):
    def test_down_stops_it_and_leaves_no_process(self):
        martlet = Instance()
        martlet.start()
        self.assertIn("down", martlet.run("down"))
        self.assertEqual(martlet.process.wait(5), 0)
        eventually(lambda: not processes_below(martlet.directory), timeout=5, what="an empty process list")

    def test_ctrl_c_stops_it(self):
        martlet = Instance()
        martlet.start()
        martlet.process.send_signal(signal.SIGINT)
        self.assertEqual(martlet.process.wait(10), 0)
        self.assertFalse(processes_below(martlet.directory))

    def test_up_goes_to_the_background_and_is_found_again(self):
        martlet = Instance()
        result = subprocess.run([PROGRAM, "up", "--detach", *martlet.flags()], capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("Martlet is up", result.stdout)
        self.assertIn("No models yet", martlet.run("status"))
        self.assertIn("down", martlet.run("down"))

    def test_verbs_without_a_running_martlet_say_how_to_start_it(self):
        martlet = Instance()
        result = martlet.run("get", "isvc", check=False)
        self.assertEqual(result.returncode, 3)
        self.assertIn("martlet up", result.stderr)
