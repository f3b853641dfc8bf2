"""The reference's side of steps.cs: times training steps of the official two-stage network.

Arguments: a checkout of megvii-research/MSPN, the number of images, "plain" or "efficient". Prints "ready", then answers each line with the seconds and
the processor's seconds of a step; "memory" is answered with the peak of the process's resident memory in bytes.
"""
import importlib.util
import os
import sys
import time
import types

import torch

CHECKOUT, BATCH, MODE = sys.argv[1], int(sys.argv[2]), sys.argv[3]
torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
sys.path.insert(0, CHECKOUT)

spec = importlib.util.spec_from_file_location("network", os.path.join(CHECKOUT, "exps", "mspn.2xstg.coco", "network.py"))
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)

group = types.SimpleNamespace
config = group(
    MODEL=group(STAGE_NUM=2, UPSAMPLE_CHANNEL_NUM=256), DATASET=group(KEYPOINT=group(NUM=17)), OUTPUT_SHAPE=(64, 48),
    LOSS=group(OHKM=True, TOPK=8, COARSE_TO_FINE=True))
network = module.MSPN(config, run_efficient=MODE == "efficient").train()
adam = torch.optim.Adam(network.parameters(), lr=1e-5, weight_decay=1e-5)
images = torch.randn(BATCH, 3, 256, 192)
labels = torch.rand(BATCH, 5, 17, 64, 48)
valids = torch.full((BATCH, 17, 1), 2.0)


def step():
    adam.zero_grad()
    network(images, valids, labels)["total_loss"].backward()
    adam.step()


def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


print("ready", flush=True)
for line in sys.stdin:
    if line.strip() == "memory":
        print(peak(), flush=True)
        continue
    start, processor = time.perf_counter(), time.process_time()
    step()
    print(time.perf_counter() - start, time.process_time() - processor, flush=True)
