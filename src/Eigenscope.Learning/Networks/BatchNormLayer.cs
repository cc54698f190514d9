using System.Buffers;
using System.Numerics;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy, 1502.03167) of each channel of an image that lies channels-last, or of each entry of flat features: y = γ (x − μ) / √(v + ε) + β.
/// Wherever a network is measured or differentiated, μ and v are the running statistics of the network's state, and the layer is an affine map of x, bilinear in γ and x.
/// Only a training step uses the mean and the (biased) variance of the batch; it then moves the statistics by a share <see cref="Momentum"/> towards the batch's mean and its
/// <em>unbiased</em> variance, as PyTorch does. Samples enter the batch's statistics with equal weight.
/// </summary>
public sealed class BatchNormLayer : Layer
{
    /// <summary>The usual ε, PyTorch's default.</summary>
    internal const double StandardEpsilon = 1e-5;

    /// <summary>Share of the batch in the new running statistics: r ← (1 − momentum) r + momentum b.</summary>
    public const double Momentum = 0.1;

    private readonly ParameterBlock[] _parameters;
    private readonly ParameterBlock[] _statistics;
    private readonly int _firstBlockIndex;

    internal BatchNormLayer(string name, int size, ParameterBlock scale, ParameterBlock shift, int firstBlockIndex, ParameterBlock runningMean, ParameterBlock runningVariance, double epsilon = StandardEpsilon)
        : base(name, size, size)
    {
        if (!(epsilon >= 0.0) || !double.IsFinite(epsilon))
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "expected a finite number of at least 0");
        Epsilon = epsilon;
        Scale = scale;
        Shift = shift;
        RunningMean = runningMean;
        RunningVariance = runningVariance;
        _firstBlockIndex = firstBlockIndex;
        _parameters = [scale, shift];
        _statistics = [runningMean, runningVariance];
        TileLength = ChannelLoops.TileLength(Channels);
    }

    /// <summary>ε, added to the variance.</summary>
    public double Epsilon { get; }

    /// <summary>γ, one entry per channel; 1 before training.</summary>
    public ParameterBlock Scale { get; }

    /// <summary>β, one entry per channel; 0 before training.</summary>
    public ParameterBlock Shift { get; }

    /// <summary>μ, one entry per channel; 0 before training.</summary>
    public ParameterBlock RunningMean { get; }

    /// <summary>v, one entry per channel; 1 before training.</summary>
    public ParameterBlock RunningVariance { get; }

    /// <summary>Number of channels; of flat features, their number.</summary>
    public int Channels => Scale.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterBlock> Parameters => _parameters;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterBlock> Statistics => _statistics;

    /// <summary>With the statistics stored, the output is affine in the input.</summary>
    public override bool IsPiecewiseLinear => true;

    internal override bool ValueInPlace => false;

    internal override bool TangentInPlace => false;

    // 1 / √(v + ε) of each channel, once per slice: one row's worth must hold it, however few the rows.
    internal override int StashSize => Channels;

    /// <summary>Entries of a tile of coefficients, see <see cref="ChannelLoops"/>.</summary>
    internal int TileLength { get; }

    internal override void Value<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y, Span<T> stash, bool keep)
    {
        T[] rented = ArrayPool<T>.Shared.Rent(4 * TileLength);
        Span<T> roots = Tile(rented, 0), mean = Tile(rented, 1), slope = Tile(rented, 2), shift = Tile(rented, 3);
        ReadOnlySpan<T> variance = Block(parameters, RunningVariance);
        for (int c = 0; c < variance.Length; c++)
            roots[c] = T.CreateTruncating(1.0 / Math.Sqrt(double.CreateTruncating(variance[c]) + Epsilon));
        if (keep)
            roots[..Channels].CopyTo(stash);
        Spread(Block(parameters, RunningMean), mean);
        SpreadProduct(Block(parameters, Scale), roots, slope);
        Spread(Block(parameters, Shift), shift);
        ChannelLoops.Affine(x.Data, mean, slope, shift, y.Data);
        ArrayPool<T>.Shared.Return(rented);
    }

    internal override void Tangent<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> dy)
    {
        bool scaleMoves = direction.IsActive(_firstBlockIndex);
        T[] rented = ArrayPool<T>.Shared.Rent(4 * TileLength);
        Span<T> scale = Tile(rented, 0), mean = Tile(rented, 1), slope = Tile(rented, 2), shift = Tile(rented, 3);
        SpreadProduct(Block(parameters, Scale), slice.Stash, scale);
        if (direction.IsActive(_firstBlockIndex + 1))
            Spread(direction.Block(Shift), shift);
        else
            shift.Clear();
        if (scaleMoves)
        {
            Spread(Block(parameters, RunningMean), mean);
            SpreadProduct(direction.Block(Scale), slice.Stash, slope);
        }
        if (dx.Rows == 0)
            ChannelLoops.Affine(slice.Input.Data, scaleMoves ? mean : Cleared(mean), scaleMoves ? slope : Cleared(slope), shift, dy.Data);
        else if (scaleMoves)
            ChannelLoops.Combine(dx.Data, slice.Input.Data, scale, mean, slope, shift, dy.Data);
        else
            ChannelLoops.Scale(dx.Data, scale, shift, dy.Data);
        ArrayPool<T>.Shared.Return(rented);
    }

    internal override void Pullback<T>(BlasBackend blas, ReadOnlySpan<T> parameters, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        T[] rented = ArrayPool<T>.Shared.Rent(2 * TileLength);
        Span<T> mean = Tile(rented, 0), scale = Tile(rented, 1);
        if (wanted.IsActive(_firstBlockIndex) || wanted.IsActive(_firstBlockIndex + 1))
        {
            Spread(Block(parameters, RunningMean), mean);
            AddGradients(outputCotangent.Data, slice.Input.Data, mean, slice.Stash, wanted);
        }
        if (inputCotangent.Rows > 0)
        {
            SpreadProduct(Block(parameters, Scale), slice.Stash, scale);
            ChannelLoops.Scale(outputCotangent.Data, scale, Cleared(mean), inputCotangent.Data);
        }
        ArrayPool<T>.Shared.Return(rented);
    }

    // With δy the loss's own cotangent, δx = γ δy / √(v + ε) moves with γ, and the gradient of γ, Σ δy (x − μ) / √(v + ε), with x.
    internal override void AddCurvature<T>(BlasBackend blas, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        T[] rented = ArrayPool<T>.Shared.Rent(TileLength);
        Span<T> tile = Tile(rented, 0);
        if (inputCotangent.Rows > 0 && direction.IsActive(_firstBlockIndex))
        {
            SpreadProduct(direction.Block(Scale), slice.Stash, tile);
            ChannelLoops.AddScaled(slice.OutputCotangent.Data, tile, inputCotangent.Data);
        }
        if (dx.Rows > 0 && wanted.IsActive(_firstBlockIndex))
        {
            double[] sums = ArrayPool<double>.Shared.Rent(2 * TileLength);
            ChannelLoops.Correlate(slice.OutputCotangent.Data, dx.Data, Cleared(tile), Channels, Tile(sums, 0), Tile(sums, 1));
            AddProduct(Tile(sums, 1), slice.Stash, wanted.Block(Scale));
            ArrayPool<double>.Shared.Return(sums);
        }
        ArrayPool<T>.Shared.Return(rented);
    }

    private static ReadOnlySpan<T> Block<T>(ReadOnlySpan<T> parameters, ParameterBlock block) => parameters.Slice(block.Offset, block.Length);

    private static Span<T> Cleared<T>(Span<T> tile)
    {
        tile.Clear();
        return tile;
    }

    // gradient[c] += sums[c] factors[c], the products in double.
    private static void AddProduct<T>(ReadOnlySpan<double> sums, ReadOnlySpan<T> factors, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int c = 0; c < gradient.Length; c++)
            gradient[c] += T.CreateTruncating(sums[c] * double.CreateTruncating(factors[c]));
    }

    private Span<T> Tile<T>(T[] rented, int index) => rented.AsSpan(index * TileLength, TileLength);

    private void Spread<T>(ReadOnlySpan<T> channels, Span<T> tile)
    {
        channels.CopyTo(tile);
        ChannelLoops.Repeat(tile, Channels);
    }

    private void SpreadProduct<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> tile)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TensorPrimitives.Multiply(a, b[..Channels], tile);
        ChannelLoops.Repeat(tile, Channels);
    }

    private void AddGradients<T>(ReadOnlySpan<T> outputCotangent, ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> roots, ParameterGradient<T> wanted)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] rented = ArrayPool<double>.Shared.Rent(2 * TileLength);
        Span<double> shifts = Tile(rented, 0), scales = Tile(rented, 1);
        ChannelLoops.Correlate(outputCotangent, x, mean, Channels, shifts, scales);
        if (wanted.IsActive(_firstBlockIndex))
            AddProduct(scales, roots, wanted.Block(Scale));
        if (wanted.IsActive(_firstBlockIndex + 1))
        {
            Span<T> gradient = wanted.Block(Shift);
            for (int c = 0; c < gradient.Length; c++)
                gradient[c] += T.CreateTruncating(shifts[c]);
        }
        ArrayPool<double>.Shared.Return(rented);
    }
}
