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

    /// <summary>Samples along an axis of a shape; throws where a reading in that shape would mix them.</summary>
    public static SampleAxis In(ActivationValue x, int[] shape, int axis)
    {
        long before = Slower(x), passed = Extents.Product(shape.AsSpan(0, axis));
        if (passed == 0 || before % passed != 0 || before / passed > shape[axis] || shape[axis] % (before / passed) != 0)
            throw new NodeNotSupportedException($"reading shape [{Extents.Text(x.Shape)}] as [{Extents.Text(shape)}] mixes samples");
        return new SampleAxis(axis, (int)(before / passed));
    }

    // Entries of a sample that are counted slower than samples are.
    private static long Slower(ActivationValue x) => (long)Extents.Product(x.Shape.AsSpan(0, x.BatchAxis)) * x.Samples.Outer;

    // The number that samples were before, if it can be; else the first that can, but the last axis only if there is no other: next to nothing works on entries that lie beside samples.
    private static int Unnamed(ActivationValue x, long[] asked)
    {
        long before = Slower(x);
        int last = asked.Length - 1;
        int[] clean = [.. Enumerable.Range(0, asked.Length).Where(axis => Before(asked, axis) == before)];
        int[] within = [.. Enumerable.Range(0, asked.Length).Where(axis => Before(asked, axis) is > 0 and var passed && before % passed == 0 && asked[axis] > 0 && asked[axis] % (before / passed) == 0)];
        int[] candidates = [.. clean.Where(axis => axis == x.BatchAxis && axis != last), .. clean.Where(axis => axis != last), .. within.Where(axis => axis != last), .. clean];
        return candidates.Length > 0 ? candidates[0] : throw new NodeNotSupportedException($"the shape [{string.Join(", ", asked)}] mixes samples");
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
