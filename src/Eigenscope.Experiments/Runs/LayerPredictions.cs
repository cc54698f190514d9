using Eigenscope.Analysis;
using Eigenscope.Analysis.Collapse;
using Eigenscope.Analysis.Spectra;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Theory.ClassMeans;

namespace Eigenscope.Experiments.Runs;

/// <summary>What class means predict of a layer's weight, features, gradient and errors, each compared with what was measured.</summary>
internal sealed class LayerPredictions(LayerClassMeans means, Compute compute)
{
    private int Classes => means.Shares.Count;

    public WeightPredictionReport Weight(Tensor<double> weight, double[] bias)
    {
        Tensor<double> preActivations = ClassDuality.PreActivationMeans(means.Features, weight.AsMatrix(), bias, compute);
        return Compare(ClassMeanWeight.Predict(preActivations, means.Features, Norm(weight), compute), weight);
    }

    /// <summary>Of any layer with a weight, as a matrix with a row for each output channel: for a convolution the sum over positions too.</summary>
    public WeightPredictionReport Weight(BilinearLayer layer, double[] parameters)
    {
        Tensor<double> preActivations = layer.Outputs(means.Features.AsMatrix(), parameters, compute);
        Tensor<double> products = layer.WeightGradients(means.Features.AsMatrix(), preActivations.AsMatrix(), compute);
        (int rows, int columns) = (layer.Weight.Shape[0], layer.Weight.Length / layer.Weight.Shape[0]);
        Tensor<double> sum = new(rows, columns);
        for (int c = 0; c < products.Rows; c++)
            System.Numerics.Tensors.TensorPrimitives.Add(sum.Span, products.Row(c), sum.Span);
        Tensor<double> weight = new(parameters.AsSpan(layer.Weight.Offset, layer.Weight.Length).ToArray(), rows, columns);
        return Compare(ClassMeanWeight.Predict(sum, Norm(weight), compute), weight);
    }

    /// <summary>What is predicted of a convolution's gradient: nothing.</summary>
    public static GradientPredictionReport NoGradient()
    {
        Number missing = Number.Undefined("products of class means of neighbouring layers are not of a weight that acts at several positions: what follows has another shape");
        return new GradientPredictionReport(missing, missing);
    }

    private static double Norm(Tensor<double> weight) => Math.Sqrt(System.Numerics.Tensors.TensorPrimitives.SumOfSquares<double>(weight.Span));

    private WeightPredictionReport Compare(ClassMeanWeight predicted, Tensor<double> weight)
    {
        (double[] values, Tensor<double> left, Tensor<double> right) = Svd(weight);
        EigenspaceOverlap leftOverlap = Overlap(predicted, predicted.LeftVectors, left, values);
        EigenspaceOverlap rightOverlap = Overlap(predicted, predicted.RightVectors, right, values);
        return new WeightPredictionReport(predicted.SingularValues, MaxError(predicted.SingularValues, values), leftOverlap.Value, rightOverlap.Value, leftOverlap.Used);
    }

    public MomentPredictionReport SecondMoment(IReadOnlyList<double> measured) => Moment(ClassMeanMoment.SecondMoment(means.Shares, means.Features, compute), measured);

    public MomentPredictionReport Covariance(IReadOnlyList<double> measured) => Moment(ClassMeanMoment.Covariance(means.Shares, means.Features, compute), measured);

    public MomentPredictionReport Errors(Tensor<double> errorMeans, IReadOnlyList<double> measured) => Moment(ClassMeanMoment.SecondMoment(means.Shares, errorMeans, compute), measured);

    public GradientPredictionReport Gradient(ReadOnlyMatrixSpan<double> gradient, Tensor<double> next)
    {
        double norm = Math.Sqrt(System.Numerics.Tensors.TensorPrimitives.SumOfSquares(gradient.Data));
        if (norm <= GradientAlignment.LeastGradientNorm)
        {
            Number missing = Number.Undefined("the gradient's norm is at most 1e-12");
            return new GradientPredictionReport(missing, missing);
        }
        ClassMeanGradient predicted = ClassMeanGradient.Predict(next, means.Features, compute);
        return new GradientPredictionReport(Number.Of(predicted.Share(gradient)!.Value), Number.Of(predicted.PairedShare(gradient)!.Value));
    }

    private EigenspaceOverlap Overlap(ClassMeanWeight predicted, Tensor<double> vectors, Tensor<double> measured, double[] values)
    {
        int k = Math.Min(Classes, EigenvalueCluster.AboveZero([.. predicted.SingularValues]));
        if (k == 0)
            return new EigenspaceOverlap(Number.Undefined("the class means are zero"), k, null);
        return EigenspaceOverlap.Measure(count => Leading(vectors, count), vectors.Rows, measured.AsMatrix(), values, values.Length, k, compute);
    }

    private MomentPredictionReport Moment(ClassMeanMoment predicted, IReadOnlyList<double> measured)
    {
        double trace = measured.Sum();
        Number explained = trace > 0.0 ? Number.Of(predicted.Trace / trace) : Number.Undefined("the measured moment is zero");
        return new MomentPredictionReport(predicted.Eigenvalues, MaxError(predicted.Eigenvalues, measured), explained);
    }

    private Number MaxError(IReadOnlyList<double> predicted, IReadOnlyList<double> measured)
    {
        if (measured.Count == 0 || measured[0] <= 0.0)
            return Number.Undefined("what is measured is zero");
        double largest = Enumerable.Range(0, Math.Min(Classes, measured.Count)).Max(j => Math.Abs((j < predicted.Count ? predicted[j] : 0.0) - measured[j]));
        return Number.Of(largest / measured[0]);
    }

    private (double[] Values, Tensor<double> Left, Tensor<double> Right) Svd(Tensor<double> weight)
    {
        int rank = Math.Min(weight.Rows, weight.Columns);
        double[] values = new double[rank];
        Tensor<double> u = new(weight.Rows, rank), left = new(rank, weight.Rows), right = new(rank, weight.Columns);
        compute.Blas.Svd(weight.Clone().AsMatrix(), values, u.AsMatrix(), right.AsMatrix());
        for (int i = 0; i < rank; i++)
        {
            for (int row = 0; row < weight.Rows; row++)
                left[i, row] = u[row, i];
        }
        return (values, left, right);
    }

    private static Tensor<double> Leading(Tensor<double> rows, int count) => new(rows.Span[..(count * rows.Columns)].ToArray(), count, rows.Columns);
}
