namespace Eigenscope.Learning.Data;

/// <summary>Labels stored as floats.</summary>
internal static class WholeNumbers
{
    private const double LargestExact = 1L << 53;

    public static long[] Require(double[] values, string subject)
    {
        long[] numbers = new long[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if (!(Math.Abs(values[i]) <= LargestExact) || values[i] != Math.Floor(values[i]))
                throw new DataException(subject, FormattableString.Invariant($"sample {i} has label {values[i]}, expected whole numbers"));
            numbers[i] = (long)values[i];
        }
        return numbers;
    }
}
