"""The small networks whose exports are test data: every one under 2,500 parameters, so that its whole Hessian is written out."""
import math

import torch
from torch import nn
from torch.nn import functional as F


def perceptron(widths, activation):
    layers = []
    for index, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        layers += [nn.Linear(inputs, outputs)] + ([activation()] if index < len(widths) - 2 else [])
    return nn.Sequential(*layers)


class ConvNet(nn.Module):
    """Convolutions with BatchNorm, max and average pooling, and `view(x.size(0), -1)` before the classifier."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(2, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(6, 8, 3), nn.BatchNorm2d(8, eps=1e-3), nn.ReLU(), nn.AvgPool2d(2, stride=1, padding=1, count_include_pad=False))
        self.classifier = nn.Linear(8 * 3 * 3, 4)

    def forward(self, x):
        x = self.features(x)
        return self.classifier(x.view(x.size(0), -1))


class ResidualBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResidualNet(nn.Module):
    """Stem, a block with an identity shortcut, a strided block with a convolution as shortcut, global pooling, classifier."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 6, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(6)
        self.layer1 = ResidualBlock(6, 6, 1)
        self.layer2 = ResidualBlock(6, 9, 2)
        self.fc = nn.Linear(9, 4)

    def forward(self, x):
        x = self.layer2(self.layer1(F.relu(self.bn1(self.conv1(x)))))
        return self.fc(torch.flatten(F.adaptive_avg_pool2d(x, 1), 1))


class Attention(nn.Module):
    """Self-attention as vision transformers write it: one projection to queries, keys and values, split by reshape, permute and indexing."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        batch, tokens, width = x.shape
        qkv = self.qkv(x).reshape(batch, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        scores = (q @ k.transpose(-2, -1)) * (width // self.heads) ** -0.5
        y = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, tokens, width)
        return self.proj(y)


class VisionBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = nn.Sequential(nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class VisionTransformer(nn.Module):
    """Patch convolution, class token, position embedding, pre-norm blocks; the classifier reads the class token."""
    frozen = ("cls_token", "pos_embed")

    def __init__(self, encoder=False):
        super().__init__()
        width = 8
        self.patch_embed = nn.Conv2d(1, width, 4, stride=4)
        self.cls_token = nn.Parameter(torch.randn(1, 1, width) * 0.5)
        self.pos_embed = nn.Parameter(torch.randn(1, 5, width) * 0.5)
        if encoder:
            layer = nn.TransformerEncoderLayer(width, 2, 2 * width, 0.1, "gelu", batch_first=True, norm_first=True)
            self.blocks = nn.Sequential(layer)
        else:
            self.blocks = nn.Sequential(VisionBlock(width, 2), VisionBlock(width, 2))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, 3)

    def forward(self, x):
        x = self.patch_embed(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(x.shape[0], -1, -1), x], 1) + self.pos_embed
        return self.head(self.norm(self.blocks(x))[:, 0])


class SequenceNet(nn.Module):
    """One-dimensional convolutions: strided, dilated, grouped, both kinds of pooling."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(2, 6, 5, stride=2, padding=2), nn.ELU(0.7), nn.Conv1d(6, 8, 3, dilation=2, padding=1), nn.LeakyReLU(0.1),
            nn.MaxPool1d(3, 2), nn.Conv1d(8, 8, 3, groups=2, padding=1), nn.SELU(), nn.AvgPool1d(2), nn.Flatten())
        self.head = nn.Linear(8 * 2, 3)

    def forward(self, x):
        return self.head(self.body(x))


def hard_sigmoid(x):
    """PyTorch 1.13 cannot differentiate its own hardsigmoid twice; the exporter is to see that one."""
    return F.hardsigmoid(x) if torch.onnx.is_in_onnx_export() else F.hardtanh(x + 3, 0, 6) / 6


class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed):
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(channels, squeezed, 1)
        self.fc2 = nn.Conv2d(squeezed, channels, 1)

    def forward(self, x):
        return hard_sigmoid(self.fc2(F.relu(self.fc1(self.avgpool(x))))) * x


class MobileBlock(nn.Module):
    """Inverted residual as in MobileNetV3: expand, depthwise, squeeze and excite, project."""

    def __init__(self, channels, expanded, outputs, stride):
        super().__init__()
        self.shortcut = stride == 1 and channels == outputs
        self.block = nn.Sequential(
            nn.Conv2d(channels, expanded, 1, bias=False), nn.BatchNorm2d(expanded, eps=1e-3), nn.Hardswish(),
            nn.Conv2d(expanded, expanded, 3, stride, 1, groups=expanded, bias=False), nn.BatchNorm2d(expanded, eps=1e-3), nn.Hardswish(),
            SqueezeExcite(expanded, 4),
            nn.Conv2d(expanded, outputs, 1, bias=False), nn.BatchNorm2d(outputs, eps=1e-3))

    def forward(self, x):
        return x + self.block(x) if self.shortcut else self.block(x)


class MobileNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 6, 3, 2, 1, bias=False), nn.BatchNorm2d(6, eps=1e-3), nn.Hardswish())
        self.blocks = nn.Sequential(MobileBlock(6, 12, 6, 1), MobileBlock(6, 14, 8, 2))
        self.classifier = nn.Sequential(nn.Linear(8, 12), nn.Hardswish(), nn.Dropout(0.2), nn.Linear(12, 4))

    def forward(self, x):
        return self.classifier(self.blocks(self.stem(x)).mean([2, 3]))


class BertLayer(nn.Module):
    """Post-norm encoder layer with separate projections and a constant mask of positions: `fill` by Where, otherwise added to the scores."""

    def __init__(self, width, heads, fill):
        super().__init__()
        self.heads, self.fill = heads, fill
        self.query, self.key, self.value, self.dense = (nn.Linear(width, width) for _ in range(4))
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.intermediate = nn.Linear(width, 2 * width)
        self.output = nn.Linear(2 * width, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)

    def split(self, x):
        return x.view(x.size(0), x.size(1), self.heads, -1).permute(0, 2, 1, 3)

    def forward(self, x, mask):
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        if self.fill:
            scores = (torch.matmul(q, k.transpose(-1, -2)) / math.sqrt(q.size(-1))).masked_fill(mask, -1e4)
        else:
            scores = torch.matmul(q / math.sqrt(q.size(-1)), k.transpose(-1, -2)) + mask * -1e4
        context = torch.matmul(F.softmax(scores, dim=-1), v).permute(0, 2, 1, 3).contiguous()
        context = context.view(context.size(0), context.size(1), -1)
        x = self.norm1(self.dense(context) + x)
        return self.norm2(self.output(F.gelu(self.intermediate(x))) + x)


class Bert(nn.Module):
    """Float features of five positions, the last masked out; the first position, through a tanh pooler, is classified."""
    frozen = ("position_embeddings",)

    def __init__(self, fill=True):
        super().__init__()
        width = 8
        self.embedding = nn.Linear(5, width)
        self.position_embeddings = nn.Parameter(torch.randn(1, 5, width) * 0.5)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layer = nn.ModuleList([BertLayer(width, 2, fill)])
        self.pooler = nn.Linear(width, width)
        self.classifier = nn.Linear(width, 3)
        mask = torch.zeros(1, 1, 5, 5)
        mask[..., 4] = 1
        self.register_buffer("mask", mask.bool() if fill else mask, persistent=False)

    def forward(self, x):
        x = self.norm(self.embedding(x) + self.position_embeddings)
        for layer in self.layer:
            x = layer(x, self.mask)
        return self.classifier(torch.tanh(self.pooler(x[:, 0])))
