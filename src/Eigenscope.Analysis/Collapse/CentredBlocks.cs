using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Collapse;

/// <summary>
/// Walks samples in blocks of rows with a mean subtracted: each sample's class mean, or one mean for all. Keeps memory at one block whatever N is, and subtracts before
/// anything is squared, so that features far from the origin lose no digits.
/// </summary>
internal ref struct CentredBlocks
{
    private const int BlockRows = 1024;
    private readonly ReadOnlyMatrixSpan<double> _samples;
    private readonly ReadOnlySpan<int> _labels;
    private readonly Tensor<double> _means;
    private readonly Tensor<double> _scratch;

    /// <summary>Blocks centred at the class means.</summary>
    /// <param name="samples">N × d.</param>
    /// <param name="labels">N class indices; empty when <paramref name="means"/> is one row for all samples.</param>
    /// <param name="means">K × d, or 1 × d.</param>
    public CentredBlocks(ReadOnlyMatrixSpan<double> samples, ReadOnlySpan<int> labels, Tensor<double> means)
    {
        _samples = samples;
        _labels = labels;
        _means = means;
        _scratch = new Tensor<double>(Math.Min(BlockRows, samples.Rows), samples.Columns);
        Start = -1;
    }

    /// <summary>Index of the current block's first sample.</summary>
    public int Start { get; private set; }

    /// <summary>The current block, centred; overwritten by the next.</summary>
    public readonly MatrixSpan<double> Current => _scratch.AsMatrix().RowRange(0, Math.Min(BlockRows, _samples.Rows - Start));

    public bool MoveNext()
    {
        Start = Start < 0 ? 0 : Start + BlockRows;
        if (Start >= _samples.Rows)
            return false;
        MatrixSpan<double> block = Current;
        for (int i = 0; i < block.Rows; i++)
        {
            int mean = _labels.IsEmpty ? 0 : _labels[Start + i];
            TensorPrimitives.Subtract(_samples.Row(Start + i), _means.Row(mean), block.Row(i));
        }
        return true;
    }
}
