using Eigenscope.Learning.Data;

namespace Eigenscope.Learning.Tests.Data;

/// <summary>Samples that are made as they are asked for, each a function of its number alone: values in −1 … 1 in steps of 2⁻¹⁵, exact in both precisions.</summary>
internal sealed class GeneratedSource(int samples, int size, int classes, int seed = 0) : SampleSource("generated", samples, size)
{
    /// <summary>The same samples in an array.</summary>
    public (double[] Inputs, int[] Labels) All()
    {
        double[] inputs = new double[SampleCount * SampleSize];
        int[] labels = new int[SampleCount];
        ReadCore(0, SampleCount, inputs, labels);
        return (inputs, labels);
    }

    protected override int ReadCore(int start, int count, Span<double> inputs, Span<int> labels)
    {
        for (int i = 0; i < count; i++)
        {
            labels[i] = (int)(Bits(start + i, -1) % (uint)classes);
            for (int j = 0; j < SampleSize; j++)
                inputs[(i * SampleSize) + j] = ((int)(Bits(start + i, j) & 0xFFFF) - 0x8000) / (double)0x8000;
        }
        return count;
    }

    private uint Bits(int sample, int coordinate)
    {
        ulong state = ((ulong)(uint)sample * 0x9E3779B97F4A7C15) ^ ((ulong)(uint)(coordinate + 1) * 0xC2B2AE3D27D4EB4F) ^ ((ulong)(uint)seed << 40);
        state = (state ^ (state >> 31)) * 0xD6E8FEB86659FD93;
        return (uint)(state >> 33);
    }
}
