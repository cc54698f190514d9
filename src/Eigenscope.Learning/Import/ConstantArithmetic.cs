namespace Eigenscope.Learning.Import;

/// <summary>
/// Arithmetic on numbers that are known before any sample is. Entries may be multiples of the number of samples N, as the extents of results are: sums and products of those stay exact or are refused, never guessed.
/// </summary>
internal static class ConstantArithmetic
{
    public static double[] Broadcast(ConstantValue constant, int[] shape)
    {
        int[] map = Extents.BroadcastMap(constant.Shape, shape);
        return [.. map.Select(index => constant.Data[index])];
    }

    public static ConstantValue Elementwise(ConstantValue a, ConstantValue b, Func<double, double, double> function)
    {
        RequirePlain(a);
        RequirePlain(b);
        return Combine(a, b, (x, y, _, _) => (function(x, y), false));
    }

    /// <summary>a + sign · b.</summary>
    public static ConstantValue Sum(ConstantValue a, ConstantValue b, double sign) => Combine(a, b, (x, y, ofN, alsoOfN) =>
        ofN == alsoOfN || (ofN && y == 0.0) || (alsoOfN && x == 0.0)
            ? (x + (sign * y), ofN || alsoOfN)
            : throw new NodeNotSupportedException("it adds a number to the number of samples"));

    public static ConstantValue Product(ConstantValue a, ConstantValue b) => Combine(a, b, static (x, y, ofN, alsoOfN) =>
        ofN && alsoOfN ? throw new NodeNotSupportedException("it squares the number of samples") : (x * y, ofN || alsoOfN));

    public static ConstantValue Quotient(ConstantValue a, ConstantValue b)
    {
        bool whole = a.IsInteger && b.IsInteger;
        return Combine(a, b, (x, y, ofN, alsoOfN) =>
        {
            if ((alsoOfN && !ofN) || (whole && y == 0.0))
                throw new NodeNotSupportedException(y == 0.0 ? "it divides by zero" : "it divides by the number of samples");
            double quotient = x / y;
            return (whole ? Math.Truncate(quotient) : quotient, ofN && !alsoOfN);
        });
    }

    /// <summary>1 where a comparison holds, else 0. No multiple of the number of samples equals a number, and it exceeds every one.</summary>
    public static ConstantValue Compare(ConstantValue a, ConstantValue b, Func<double, double, bool> holds) => Combine(a, b, (x, y, ofN, alsoOfN) =>
        (holds(ofN && !alsoOfN ? double.PositiveInfinity : x, alsoOfN && !ofN ? double.PositiveInfinity : y) ? 1.0 : 0.0, false));

    public static ConstantValue Where(ConstantValue condition, ConstantValue x, ConstantValue y)
    {
        int[] shape = Extents.Broadcast(Extents.Broadcast(condition.Shape, x.Shape), y.Shape);
        double[] mask = Broadcast(condition, shape);
        int[] first = Extents.BroadcastMap(x.Shape, shape), second = Extents.BroadcastMap(y.Shape, shape);
        return new ConstantValue(shape, [.. mask.Select((value, i) => value != 0.0 ? x.Data[first[i]] : y.Data[second[i]])])
        {
            IsInteger = x.IsInteger,
            PerSample = [.. mask.Select((value, i) => value != 0.0 ? x.IsPerSample(first[i]) : y.IsPerSample(second[i]))],
        };
    }

    public static void RequirePlain(ConstantValue constant)
    {
        if (constant.PerSample is not null && constant.PerSample.Contains(true))
            throw new NodeNotSupportedException("it computes with the number of samples");
    }

    private static ConstantValue Combine(ConstantValue a, ConstantValue b, Func<double, double, bool, bool, (double Value, bool OfN)> rule)
    {
        int[] shape = Extents.Broadcast(a.Shape, b.Shape);
        int[] first = Extents.BroadcastMap(a.Shape, shape), second = Extents.BroadcastMap(b.Shape, shape);
        double[] values = new double[first.Length];
        bool[] ofN = new bool[first.Length];
        for (int i = 0; i < values.Length; i++)
            (values[i], ofN[i]) = rule(a.Data[first[i]], b.Data[second[i]], a.IsPerSample(first[i]), b.IsPerSample(second[i]));
        return new ConstantValue(shape, values) { IsInteger = a.IsInteger && b.IsInteger, PerSample = ofN.Contains(true) ? ofN : null };
    }
}
