using Eigenscope.Experiments.Reports;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>
/// The arrays of Deep RFM for other programs: class means of every layer, and AGOP and root of the first layers, as many as fit. Which of them are asked for is known only when the run is over, so that wide and deep ones are bounded.
/// </summary>
/// <param name="mostBytes">Bytes for AGOPs and roots.</param>
internal sealed class DeepRfmArrays(long mostBytes = DeepRfmArrays.UsualBytes)
{
    public const long UsualBytes = 1L << 30;

    private readonly List<NamedArray> _arrays = [];
    private long _bytes;

    public IReadOnlyList<NamedArray> All => _arrays;

    /// <summary>The first layer whose AGOP and root are left out, as those of all after it; null where none are.</summary>
    public int? FirstLeftOut { get; private set; }

    /// <summary>Adds a layer: AGOP and root d × d, class means at its three stages K × d, K × d and K × D. All are kept, not copied.</summary>
    public void Add(int layer, Tensor<double> agop, Tensor<double> root, Tensor<double> x, Tensor<double> mx, Tensor<double> phi)
    {
        _bytes += sizeof(double) * ((long)agop.Length + root.Length);
        if (_bytes <= mostBytes)
        {
            Add(layer, "agop", agop);
            Add(layer, "root", root);
        }
        else
        {
            FirstLeftOut ??= layer;
        }
        Add(layer, "class-means/x", x);
        Add(layer, "class-means/mx", mx);
        Add(layer, "class-means/phi", phi);
    }

    private void Add(int layer, string name, Tensor<double> values) => _arrays.Add(new NamedArray($"layer/{Format.Text(layer)}/{name}", values.Storage, values.Shape.ToArray()));
}
