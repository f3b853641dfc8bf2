"""The reference's side of data.cs: times the official code's functions, one core each.

Arguments: a checkout of megvii-research/MSPN, and the folder that data.cs prepared. Reads "NAME COUNT" lines, answers with seconds.
"""
import ast
import importlib.util
import json
import os
import sys
import time
import types

import cv2
import numpy as np
import torch

CHECKOUT, FOLDER = sys.argv[1:3]
cv2.setNumThreads(1)
torch.set_num_threads(1)
sys.path.insert(0, CHECKOUT)
sys.modules.setdefault("easydict", types.SimpleNamespace(EasyDict=type(
    "EasyDict", (dict,), {"__getattr__": dict.__getitem__, "__setattr__": dict.__setitem__})))


def load(name):
    spec = importlib.util.spec_from_file_location(name, os.path.join(CHECKOUT, "dataset", name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def to_input(image):
    """What torchvision's ToTensor and Normalize do, in their steps."""
    tensor = torch.from_numpy(image.transpose((2, 0, 1))).contiguous().to(torch.float32).div(255)
    mean, std = (torch.tensor(v).view(-1, 1, 1) for v in ([0.406, 0.456, 0.485], [0.225, 0.224, 0.229]))
    return tensor.clone().sub_(mean).div_(std)


attribute, joints = load("attribute").COCO(), load("JointsDataset")
people = json.load(open(os.path.join(FOLDER, "people.json")))
dataset = joints.JointsDataset(attribute, "train", to_input)
for person in people:
    x, y, w, h = person["box"]
    dataset.data.append(dict(
        img_id=0, img_path=os.path.join(FOLDER, person["image"]), joints=np.array(person["keypoints"]),
        center=np.array([x + w / 2, y + h / 2], dtype=np.float32), scale=np.array([w / 200, h / 200], dtype=np.float32)))

# get_results alone, without the imports of the script it is in.
script = ast.parse(open(os.path.join(CHECKOUT, "exps", "mspn.2xstg.coco", "test.py")).read())
script.body = [part for part in script.body if isinstance(part, ast.FunctionDef) and part.name == "get_results"]
names = dict(np=np, cv2=cv2, cfg=types.SimpleNamespace(
    DATASET=attribute, OUTPUT_SHAPE=attribute.OUTPUT_SHAPE, INPUT_SHAPE=attribute.INPUT_SHAPE))
exec(compile(script, "test.py", "exec"), names)
maps = np.fromfile(os.path.join(FOLDER, "maps.bin"), dtype=np.float32).reshape(-1, 17, 64, 48)

imread = cv2.imread
images = {person["image"]: imread(os.path.join(FOLDER, person["image"])) for person in people}


def sample(count, read):
    cv2.imread = read
    for i in range(count):
        dataset[i % len(people)]


def decode(count):
    for start in range(0, count, len(maps)):
        part = maps[:min(len(maps), count - start)]
        names["get_results"](part, np.zeros((len(part), 2)), np.ones((len(part), 2)), 5, [0.25])


works = {
    "sample": lambda count: sample(count, lambda path, *_: images[os.path.basename(path)]),
    "jpeg": lambda count: sample(count, imread),
    "decode": decode,
}
print("ready", flush=True)
for line in sys.stdin:
    name, count = line.split()
    start = time.perf_counter()
    works[name](int(count))
    print(time.perf_counter() - start, flush=True)
