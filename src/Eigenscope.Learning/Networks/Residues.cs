namespace Eigenscope.Learning.Networks;

/// <summary>
/// The input positions of one residue modulo the stride along one axis: First, First + stride, …. The taps that reach them are FirstTap, FirstTap + stride, …; the m-th position is a sum
/// over the output positions Start + m … Start + m + Taps − 1 of the padded axis, the last tap first.
/// </summary>
internal readonly record struct Residue(int First, int Positions, int FirstTap, int Taps, int Start);

/// <summary>
/// The adjoint of a strided correlation along one axis, as one correlation of stride 1 for each residue of the input position modulo the stride, over outputs padded with zeros.
/// </summary>
internal readonly struct Residues
{
    private readonly int _input;
    private readonly int _kernel;
    private readonly int _stride;
    private readonly int _padding;

    /// <summary>Finds the padding that all residues need together.</summary>
    public Residues(int input, int output, int kernel, int stride, int padding)
    {
        (_input, _kernel, _stride, _padding) = (input, kernel, stride, padding);
        Count = Math.Min(stride, input);
        for (int i = 0; i < Count; i++)
        {
            (int shift, _, int taps) = Taps(i);
            Before = Math.Max(Before, taps - 1 - shift);
            After = Math.Max(After, Positions(i) + shift - output);
        }
    }

    /// <summary>Number of residues that have a position.</summary>
    public int Count { get; }

    /// <summary>Zeros before the outputs.</summary>
    public int Before { get; }

    /// <summary>Zeros after the outputs.</summary>
    public int After { get; }

    /// <summary>One residue.</summary>
    public Residue this[int first]
    {
        get
        {
            (int shift, int firstTap, int taps) = Taps(first);
            return new Residue(first, Positions(first), firstTap, taps, Before + shift - taps + 1);
        }
    }

    private int Positions(int first) => (_input - first + _stride - 1) / _stride;

    // Input position first + m·stride meets tap firstTap + t·stride in output m + shift − t.
    private (int Shift, int FirstTap, int Taps) Taps(int first)
    {
        (int shift, int firstTap) = Math.DivRem(first + _padding, _stride);
        return (shift, firstTap, Math.Max(0, (_kernel - firstTap + _stride - 1) / _stride));
    }
}
