using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// Traces of diagonal blocks of Jᵀ Sᵀ D S J, or of one of its parts Jᵀ Sᵀ D^½ Π D^½ S J, from passes down alone: with s of random signs, the block's entries of Jᵀ Sᵀ D^½ Π s have the block's trace as the mean of their
/// squared length, because E s sᵀ = I and Π is a projection.
/// </summary>
internal sealed class AdjointTraces(Linearization linearization, LogitFactors factors, ClassLogits? classes = null, GaussNewtonPart part = default)
{
    private const long BlockBytes = 256L << 20;
    private const int MostVectors = 8;

    /// <summary>One estimate for each scope; <paramref name="probes"/> passes for all of them. Null when it was cancelled.</summary>
    public Estimate[]? Estimate(IReadOnlyList<ParameterScope> scopes, int probes, RandomStream random, CancellationToken cancellation)
    {
        Network network = linearization.Objective.Network;
        ParameterScope union = ParameterScope.Of(network, "union", [.. network.Blocks.Where(block => scopes.Any(scope => scope.Blocks.Contains(block)))]);
        LinearOperator jacobian = linearization.Jacobian(union);
        int atOnce = (int)Math.Clamp(BlockBytes / sizeof(double) / union.Length, 1, Math.Min(MostVectors, probes));
        Tensor<double> cotangents = new(atOnce, factors.Length), gradients = new(atOnce, union.Length);
        List<double>[] squares = [.. scopes.Select(static _ => new List<double>())];
        for (int first = 0; first < probes; first += atOnce)
        {
            if (cancellation.IsCancellationRequested)
                return null;
            int count = Math.Min(atOnce, probes - first);
            for (int row = 0; row < count; row++)
                FillCotangents(cotangents.Row(row), random);
            jacobian.ApplyAdjoint(cotangents.AsMatrix().RowRange(0, count), gradients.AsMatrix().RowRange(0, count));
            for (int row = 0; row < count; row++)
                AddSquares(gradients.Row(row), union, scopes, squares);
        }
        return [.. squares.Select(Numerics.Estimators.Estimate.OfSamples)];
    }

    // Sᵀ D^½ Π s. The projection takes vectors in units of S, with the weights of samples not yet in them.
    private void FillCotangents(Span<double> cotangents, RandomStream random)
    {
        random.FillSigns(cotangents);
        for (int i = 0; i < factors.Samples; i++)
        {
            Span<double> entries = cotangents.Slice(i * factors.Logits, factors.Logits);
            double weight = factors.Weight(i);
            if (weight > 0.0)
                TensorPrimitives.Divide(entries, Math.Sqrt(weight), entries);
            else
                entries.Clear();
        }
        classes?.Project(part, cotangents);
        factors.MultiplyAdjoint(cotangents);
    }

    private static void AddSquares(ReadOnlySpan<double> gradient, ParameterScope union, IReadOnlyList<ParameterScope> scopes, List<double>[] squares)
    {
        Dictionary<ParameterBlock, double> ofBlocks = [];
        int start = 0;
        foreach (ParameterBlock block in union.Blocks)
        {
            ofBlocks[block] = TensorPrimitives.SumOfSquares(gradient.Slice(start, block.Length));
            start += block.Length;
        }
        for (int index = 0; index < scopes.Count; index++)
            squares[index].Add(scopes[index].Blocks.Sum(block => ofBlocks[block]));
    }
}
