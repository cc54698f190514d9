namespace Eigenscope.Learning.Import;

/// <summary>
/// Finds the axis of the samples in the shape that a Reshape asks for. Models exported for any number of samples say it by an extent that is a multiple of N; in others it is an axis before which as many entries lie as before, since a
/// reading in another shape does not move any. Models exported for a fixed number of samples have that number written into their shapes; it is taken out.
/// </summary>
internal static class ReshapedBatch
{
    /// <summary>The axis; a fixed number of samples in <paramref name="asked"/> is taken out.</summary>
    public static int Axis(ActivationValue x, ConstantValue target, long[] asked, long fixedBatch)
    {
        for (int axis = 0; axis < asked.Length; axis++)
        {
            if (target.IsPerSample(axis))
                return axis;
        }
        int found = Unnamed(x, asked);
        if (fixedBatch > 1 && asked[found] % fixedBatch == 0)
            asked[found] /= fixedBatch;
        return found;
    }

    // Extents of 1 leave a choice; the axis where samples were comes first.
    private static int Unnamed(ActivationValue x, long[] asked)
    {
        long before = Extents.Product(x.Shape.AsSpan(0, x.BatchAxis));
        if (x.BatchAxis < asked.Length && Before(asked, x.BatchAxis) == before)
            return x.BatchAxis;
        int axis = Enumerable.Range(0, asked.Length).Where(candidate => Before(asked, candidate) == before).DefaultIfEmpty(-1).First();
        return axis >= 0 ? axis : throw new NodeNotSupportedException($"the shape [{string.Join(", ", asked)}] mixes samples");
    }

    // An open extent, −1, before the axis makes the product negative: then it is none of these.
    private static long Before(long[] asked, int axis)
    {
        long product = 1;
        for (int i = 0; i < axis && Math.Abs(product) < int.MaxValue; i++)
            product *= Math.Clamp(asked[i], -1, int.MaxValue);
        return product;
    }
}
