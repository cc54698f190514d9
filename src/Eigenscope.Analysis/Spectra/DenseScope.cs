using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// A scope whose parameters are weights and biases of dense layers only, each acting once on a sample. There a sample's gradient is a Kronecker product, ⟨a ⊗ h, b ⊗ h'⟩ = ⟨a, b⟩⟨h, h'⟩, so that inner products of gradients come from two
/// small Gram matrices a layer, whatever the number of parameters; a bias has input 1.
/// </summary>
internal sealed class DenseScope
{
    private readonly Linearization _linearization;
    private readonly List<(int WeightLayer, DenseLayer Layer, bool Weight, bool Bias)> _layers;

    private DenseScope(Linearization linearization, List<(int, DenseLayer, bool, bool)> layers) => (_linearization, _layers) = (linearization, layers);

    /// <summary>The scope; null where it holds anything but parameters of such layers.</summary>
    public static DenseScope? Of(Linearization linearization, string scope)
    {
        Network network = linearization.Objective.Network;
        IReadOnlyList<ParameterBlock> blocks = ParameterScope.Resolve(network, scope).Blocks;
        List<(int, DenseLayer, bool, bool)> layers = [];
        IReadOnlyList<BilinearLayer> candidates = network.WeightLayers;
        int found = 0;
        for (int l = 0; l < candidates.Count; l++)
        {
            if (candidates[l] is not DenseLayer { Positions: 1 } dense)
                continue;
            (bool weight, bool bias) = (blocks.Contains(dense.Weight), dense.Bias is not null && blocks.Contains(dense.Bias));
            if (weight || bias)
                layers.Add((l, dense, weight, bias));
            found += (weight ? 1 : 0) + (bias ? 1 : 0);
        }
        return found == blocks.Count ? new DenseScope(linearization, layers) : null;
    }

    /// <summary>Trace of the Gauss–Newton matrix, Σ_i w_i ‖S_i J_i‖_F²: a sum over all samples.</summary>
    public double Trace(LogitFactors factors)
    {
        double trace = 0.0;
        foreach ((int l, DenseLayer layer, bool weight, bool bias) in _layers)
        {
            Tensor<double>? inputs = weight ? _linearization.LayerInput(l) : null;
            Tensor<double> row = new(factors.Logits, layer.OutputSize);
            Visit(l, factors, (sample, jacobian) =>
            {
                factors.Multiply(sample, jacobian, row.AsMatrix());
                double square = (inputs is null ? 0.0 : TensorPrimitives.SumOfSquares<double>(inputs.Row(sample))) + (bias ? 1.0 : 0.0);
                trace += factors.Weight(sample) * TensorPrimitives.SumOfSquares<double>(row.Span) * square;
            });
        }
        return trace;
    }

    /// <summary>Adds the Gram matrix of the rows √w_i S_i J_i to an N o × N o matrix.</summary>
    public void AddGram(LogitFactors factors, Tensor<double> gram, Compute compute)
    {
        foreach ((int l, DenseLayer layer, bool weight, bool bias) in _layers)
        {
            Tensor<double> backward = new(factors.Length, layer.OutputSize);
            Visit(l, factors, (sample, jacobian) =>
            {
                MatrixSpan<double> rows = backward.AsMatrix().RowRange(sample * factors.Logits, factors.Logits);
                factors.Multiply(sample, jacobian, rows);
                TensorPrimitives.Multiply(rows.Data, Math.Sqrt(factors.Weight(sample)), rows.Data);
            });
            Tensor<double> outer = Products(backward, compute);
            Tensor<double>? inner = weight ? Products(_linearization.LayerInput(l), compute) : null;
            for (int i = 0; i < factors.Samples; i++)
                AddRows(gram, outer, inner, bias ? 1.0 : 0.0, i, factors.Logits);
        }
    }

    private static void AddRows(Tensor<double> gram, Tensor<double> outer, Tensor<double>? inner, double bias, int sample, int logits)
    {
        for (int row = sample * logits; row < (sample + 1) * logits; row++)
        {
            Span<double> target = gram.Row(row), source = outer.Row(row);
            for (int other = 0; other < target.Length / logits; other++)
            {
                double factor = (inner is null ? 0.0 : inner[sample, other]) + bias;
                Span<double> entries = target.Slice(other * logits, logits);
                TensorPrimitives.MultiplyAdd(source.Slice(other * logits, logits), factor, entries, entries);
            }
        }
    }

    private delegate void SampleJacobian(int sample, ReadOnlyMatrixSpan<double> jacobian);

    private void Visit(int weightLayer, LogitFactors factors, SampleJacobian visit) => _linearization.VisitOutputJacobians(weightLayer, (first, jacobians) =>
    {
        for (int start = 0; start < jacobians.Rows; start += factors.Logits)
            visit(first + (start / factors.Logits), jacobians.RowRange(start, factors.Logits));
    });

    private static Tensor<double> Products(Tensor<double> rows, Compute compute)
    {
        Tensor<double> product = new(rows.Rows, rows.Rows);
        compute.Multiply(1.0, rows.AsMatrix(), MatrixOp.None, rows.AsMatrix(), MatrixOp.Transpose, 0.0, product.AsMatrix());
        return product;
    }
}
