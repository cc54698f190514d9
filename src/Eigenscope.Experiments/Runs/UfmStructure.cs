using Eigenscope.Analysis;
using Eigenscope.Analysis.Collapse;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Experiments.Runs;

/// <summary>Measures what the theorems on the deep linear unconstrained feature model speak of: gradient coefficients, eigenvectors in class-mean coordinates, the balance of neighbouring weights.</summary>
/// <param name="plan">The model.</param>
/// <param name="compute">Where to compute.</param>
/// <param name="linearization">The weights on features held fixed.</param>
/// <param name="spectra">Spectra of the layers' Hessians, as far as they were found.</param>
/// <param name="parameters">Features and weights.</param>
internal sealed class UfmStructure(UfmPlan plan, Compute compute, Linearization linearization, IReadOnlyList<MeasuredSpectrum> spectra, double[] parameters)
{
    // K² products a layer: beyond this they would cost more than everything else.
    private const int MostVectors = 1024;
    private const double ZeroGradient = 1e-12;

    /// <summary>Measures all layers.</summary>
    /// <param name="cancellation">Leaves out what costs products.</param>
    public IReadOnlyList<UfmStructureReport> Measure(CancellationToken cancellation) =>
        [.. Enumerable.Range(0, plan.Options.Depth).Select(l => MeasureLayer(l, cancellation))];

    private UfmStructureReport MeasureLayer(int l, CancellationToken cancellation)
    {
        BilinearLayer layer = plan.Weights.WeightLayers[l];
        Tensor<double> weight = Weight(layer);
        Tensor<double> inputs = ClassStatistics.Measure(linearization.LayerInput(l).AsMatrix(), plan.Labels, plan.Classes).Means;
        ReadOnlySpan<double> bias = layer.Bias is { } block ? Weights(block) : [];
        Tensor<double> outputs = ClassDuality.PreActivationMeans(inputs, weight.AsMatrix(), bias, compute);
        (IReadOnlyList<Number> own, Number cross) = GradientCoefficients(layer, inputs, outputs);
        return new UfmStructureReport(layer.Name, own, cross, EigenvectorScore(layer, inputs, outputs, cancellation), OutlierSpread(layer), LargestBulk(layer), BalanceError(l, weight));
    }

    private Tensor<double> Weight(BilinearLayer layer) => new(Weights(layer.Weight).ToArray(), [.. layer.Weight.Shape]);

    private ReadOnlySpan<double> Weights(ParameterBlock block) => parameters.AsSpan(plan.FeatureEntries + block.Offset, block.Length);

    private (IReadOnlyList<Number> Own, Number Cross) GradientCoefficients(BilinearLayer layer, Tensor<double> inputs, Tensor<double> outputs)
    {
        ReadOnlySpan<double> gradient = linearization.Gradient.Span.Slice(layer.Weight.Offset, layer.Weight.Length);
        double norm = TensorPrimitives.Norm(gradient);
        if (norm <= ZeroGradient)
        {
            Number missing = Number.Undefined("the data gradient vanishes");
            return ([.. Enumerable.Repeat(missing, plan.Classes)], missing);
        }
        Tensor<double> half = new(plan.Classes, layer.Weight.Shape[1]);
        compute.Multiply(1.0, outputs.AsMatrix(), MatrixOp.None, new ReadOnlyMatrixSpan<double>(gradient, layer.Weight.Shape[0], layer.Weight.Shape[1]), MatrixOp.None, 0.0, half.AsMatrix());
        Tensor<double> products = new(plan.Classes, plan.Classes);
        compute.Multiply(1.0, half.AsMatrix(), MatrixOp.None, inputs.AsMatrix(), MatrixOp.Transpose, 0.0, products.AsMatrix());
        List<Number> own = [];
        double cross = 0.0;
        for (int c = 0; c < plan.Classes; c++)
        {
            for (int other = 0; other < plan.Classes; other++)
            {
                double length = norm * TensorPrimitives.Norm<double>(outputs.Row(c)) * TensorPrimitives.Norm<double>(inputs.Row(other));
                Number squared = length == 0.0 ? Number.Undefined("a class mean vanishes") : Number.Of(Math.Pow(products[c, other] / length, 2));
                if (c == other)
                    own.Add(squared);
                else
                    cross = Math.Max(cross, squared.Value ?? 0.0);
            }
        }
        return (own, Number.Of(cross));
    }

    private Number EigenvectorScore(BilinearLayer layer, Tensor<double> inputs, Tensor<double> outputs, CancellationToken cancellation)
    {
        const string Interrupted = "the run was interrupted before it";
        if (cancellation.IsCancellationRequested)
            return Number.Undefined(Interrupted);
        if (plan.Classes * plan.Classes > MostVectors)
            return Number.Undefined(FormattableString.Invariant($"K² = {plan.Classes * plan.Classes} products a layer were not made"));
        LinearOperator hessian = linearization.Hessian(layer.Weight.Name);
        double[] vector = new double[layer.Weight.Length];
        double[] product = new double[vector.Length];
        double sum = 0.0;
        for (int c = 0; c < plan.Classes; c++)
        {
            if (cancellation.IsCancellationRequested)
                return Number.Undefined(Interrupted);
            for (int other = 0; other < plan.Classes; other++)
            {
                Kronecker(outputs.Row(c), inputs.Row(other), vector);
                hessian.Apply(vector, product);
                double length = TensorPrimitives.SumOfSquares<double>(vector) * TensorPrimitives.SumOfSquares<double>(product);
                if (length == 0.0)
                    return Number.Undefined("a class mean, or the Hessian's product with it, vanishes");
                sum += Math.Pow(TensorPrimitives.Dot<double>(vector, product), 2) / length;
            }
        }
        return Number.Of(sum / (plan.Classes * plan.Classes));
    }

    private static void Kronecker(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> destination)
    {
        for (int i = 0; i < left.Length; i++)
            TensorPrimitives.Multiply(right, left[i], destination.Slice(i * right.Length, right.Length));
    }

    private Number OutlierSpread(BilinearLayer layer)
    {
        int outliers = plan.Classes * plan.Classes;
        IReadOnlyList<double> values = Eigenvalues(layer);
        if (values.Count < outliers)
            return Number.Undefined("fewer than K² eigenvalues were found");
        return values[outliers - 1] > 0.0 ? Number.Of(values[0] / values[outliers - 1]) : Number.Undefined("the K²-th eigenvalue is not positive");
    }

    private Number LargestBulk(BilinearLayer layer)
    {
        IReadOnlyList<double> values = Eigenvalues(layer);
        int outliers = plan.Classes * plan.Classes;
        return values.Count > outliers ? Number.Of(values[outliers]) : Number.Undefined("there are at most K² eigenvalues");
    }

    private IReadOnlyList<double> Eigenvalues(BilinearLayer layer) =>
        spectra.FirstOrDefault(candidate => candidate.Report.Operator is "hessian" && candidate.Report.Scope == layer.Weight.Name)?.Pairs.Values ?? [];

    private Number BalanceError(int l, Tensor<double> weight)
    {
        Tensor<double> upper = new(weight.Columns, weight.Columns);
        compute.Multiply(plan.Options.WeightDecay, weight.AsMatrix(), MatrixOp.Transpose, weight.AsMatrix(), MatrixOp.None, 0.0, upper.AsMatrix());
        double norm = TensorPrimitives.Norm<double>(upper.Span);
        if (norm == 0.0)
            return Number.Undefined("the weight is zero, or not decayed");
        if (l == 0)
        {
            Tensor<double> features = new(parameters.AsSpan(0, plan.FeatureEntries).ToArray(), plan.Samples, plan.Options.Width);
            compute.Multiply(-plan.FeatureDecay, features.AsMatrix(), MatrixOp.Transpose, features.AsMatrix(), MatrixOp.None, 1.0, upper.AsMatrix());
        }
        else
        {
            Tensor<double> below = Weight(plan.Weights.WeightLayers[l - 1]);
            compute.Multiply(-plan.Options.WeightDecay, below.AsMatrix(), MatrixOp.None, below.AsMatrix(), MatrixOp.Transpose, 1.0, upper.AsMatrix());
        }
        return Number.Of(TensorPrimitives.Norm<double>(upper.Span) / norm);
    }
}
