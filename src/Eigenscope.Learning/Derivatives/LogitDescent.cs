using System.Numerics;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Derivatives;

/// <summary>Sees the gradients of one logit of a slice's samples at one boundary.</summary>
/// <param name="part">Index of the part of the samples; parts run side by side.</param>
/// <param name="start">Index of the slice's first sample.</param>
/// <param name="logit">Index of the logit.</param>
/// <param name="index">Index of the boundary among those asked for.</param>
/// <param name="cotangents">One sample a row; valid during the call only.</param>
internal delegate void LogitVisit<T>(int part, int start, int logit, int index, ReadOnlyMatrixSpan<T> cotangents)
    where T : unmanaged;

/// <summary>Sends one cotangent for each logit down through the network, over all samples, and shows what arrives at each of several boundaries: one pass serves them all.</summary>
internal sealed class LogitDescent<T>(LinearizationWalk<T> walk, IReadOnlyList<int> boundaries)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _lowest = boundaries.Min();
    private readonly bool[] _moving = Above(walk, boundaries);

    public void Walk(LogitVisit<T> visit) => walk.Run(0, 0, part =>
    {
        foreach ((SliceState<T> slice, int start) in walk.Slices(part))
        {
            for (int k = 0; k < walk.Network.OutputSize; k++)
                Descend(part, slice, start, k, visit);
        }
    });

    private static bool[] Above(LinearizationWalk<T> walk, IReadOnlyList<int> boundaries)
    {
        bool[] moving = new bool[walk.Network.Layers.Count + 1];
        foreach (int boundary in boundaries)
        {
            ReadOnlySpan<bool> above = walk.Network.Above(boundary);
            for (int i = 0; i < moving.Length; i++)
                moving[i] |= above[i];
        }
        return moving;
    }

    // Boundaries share the buffers that cotangents pass through: each is read when it is complete, before it goes further down.
    private void Descend(LinearizationPart<T> part, SliceState<T> slice, int start, int logit, LogitVisit<T> visit)
    {
        MatrixSpan<T> top = walk.Top(part, slice.Rows);
        top.Clear();
        for (int i = 0; i < slice.Rows; i++)
            top[i, logit] = T.One;
        for (int boundary = walk.Network.Layers.Count; boundary >= _lowest; boundary--)
        {
            for (int index = 0; index < boundaries.Count; index++)
            {
                if (boundaries[index] == boundary)
                    visit(part.Index, start, logit, index, part.Buffers.Passing(boundary, slice.Rows));
            }
            if (boundary > _lowest)
                walk.Pass.StepAbove(slice, walk.Theta, _moving, boundary - 1, part.Buffers);
        }
    }
}
