using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Theory.ClassMeans;

namespace Eigenscope.Theory.Tests.ClassMeans;

public sealed class ClassMeanHessianTests
{
    // Products and the decomposition of a matrix of order 30 or so carry a few tens of roundings.
    private const double Units = 200.0 * Reference.Epsilon;

    [Theory]
    [InlineData(3, 7, 6, false, 9)]
    [InlineData(3, 7, 6, true, 6)]
    [InlineData(4, 5, 8, false, 16)]
    [InlineData(4, 5, 8, true, 12)]
    [InlineData(2, 3, 1, true, 2)]
    [InlineData(5, 2, 3, false, 6)]
    public void Eigenvalues_and_trace_are_those_of_the_explicit_Kronecker_sum(int classes, int outputs, int inputs, bool crossEntropy, int rank)
    {
        ClassMeanLayer layer = Reference.Random(7, classes, outputs, inputs, crossEntropy);
        Tensor<double> dense = Reference.Hessian(layer);
        double[] expected = Reference.Eigenvalues(dense);

        ClassMeanHessian predicted = Predict(layer);

        Assert.Equal(rank, predicted.Eigenvalues.Count);
        Assert.True(predicted.IsComplete);
        Assert.True(predicted.Convergence.IsConverged);
        for (int j = 0; j < rank; j++)
            Assert.Equal(expected[j], predicted.Eigenvalues[j], Units * expected[0]);
        Assert.All(expected[rank..], value => Assert.True(Math.Abs(value) <= Units * expected[0]));
        Assert.Equal(Reference.Trace(dense), predicted.Trace, Units * predicted.Trace);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Eigenvectors_are_orthonormal_and_have_the_layout_of_a_weight(bool crossEntropy)
    {
        ClassMeanLayer layer = Reference.Random(11, 4, 6, 5, crossEntropy);
        ClassMeanHessian predicted = Predict(layer);
        int count = predicted.Eigenvalues.Count;

        Tensor<double> vectors = predicted.Eigenvectors(count);

        Assert.Equal(30, predicted.Dimension);
        Assert.True(Reference.OrthonormalityDefect(vectors) <= Units);
        Assert.True(Reference.Residual(Reference.Hessian(layer), vectors, predicted.Eigenvalues) <= Units * predicted.Eigenvalues[0]);
        Tensor<double> first = predicted.Eigenvectors(2);
        Assert.True(Reference.Residual(Reference.Hessian(layer), first, predicted.Eigenvalues) <= Units * predicted.Eigenvalues[0]);
    }

    [Theory]
    [InlineData(3, 7, 6, false, 9)]
    [InlineData(4, 5, 8, true, 12)]
    [InlineData(5, 2, 3, false, 6)]
    public void Explicit_rows_of_a_dense_layer_predict_what_its_Kronecker_products_do(int classes, int outputs, int inputs, bool crossEntropy, int rank)
    {
        ClassMeanLayer layer = Reference.Random(7, classes, outputs, inputs, crossEntropy);
        Tensor<double> rows = new(classes, layer.Logits, outputs * inputs);
        for (int c = 0; c < classes; c++)
            for (int k = 0; k < layer.Logits; k++)
                for (int entry = 0; entry < outputs * inputs; entry++)
                    rows.Row(c)[(k * outputs * inputs) + entry] = layer.Jacobians.Row(c)[(k * outputs) + (entry / inputs)] * layer.Features[c, entry % inputs];
        Tensor<double> dense = Reference.Hessian(layer);
        double[] expected = Reference.Eigenvalues(dense);

        ClassMeanHessian predicted = ClassMeanHessian.Predict(new ClassMeanRows(layer.Shares, rows, layer.LossHessians), 1000, Reference.Compute, new RandomStream(1));

        Assert.Equal(rank, predicted.Eigenvalues.Count);
        Assert.Equal(outputs * inputs, predicted.Dimension);
        for (int j = 0; j < rank; j++)
            Assert.Equal(expected[j], predicted.Eigenvalues[j], Units * expected[0]);
        Assert.Equal(Reference.Trace(dense), predicted.Trace, Units * predicted.Trace);
        Tensor<double> vectors = predicted.Eigenvectors(rank);
        Assert.True(Reference.OrthonormalityDefect(vectors) <= Units);
        Assert.True(Reference.Residual(dense, vectors, predicted.Eigenvalues) <= Units * expected[0]);
        Assert.Equal("rows", Assert.Throws<ArgumentException>(() => new ClassMeanRows(layer.Shares, new Tensor<double>(classes, 3), layer.LossHessians)).ParamName);
    }

    [Fact]
    public void Orthogonal_class_means_give_their_products_as_groups()
    {
        // B_c = I, μ_c = (c + 1) e_c, equal shares: eigenvalues (c + 1)² / K, each K times.
        const int Classes = 3;
        Tensor<double> features = new(Classes, 5), jacobians = new(Classes, Classes, Classes), identity = new(Classes, Classes, Classes);
        for (int c = 0; c < Classes; c++)
        {
            features[c, c] = c + 1.0;
            for (int k = 0; k < Classes; k++)
                jacobians.Row(c)[(k * Classes) + k] = identity.Row(c)[(k * Classes) + k] = 1.0;
        }
        double third = 1.0 / 3.0;

        IReadOnlyList<PredictedGroup> groups = Predict(new ClassMeanLayer([third, third, third], features, jacobians, identity)).Groups();

        Assert.Equal([3L, 3L, 3L], groups.Select(static group => group.Count));
        Assert.Equal(3.0, groups[0].Value, Units);
        Assert.Equal(4.0 / 3.0, groups[1].Value, Units);
        Assert.Equal(1.0 / 3.0, groups[2].Value, Units);
    }

    [Fact]
    public void A_hundred_classes_need_no_matrix_of_their_square()
    {
        // 10,000 rows in the factor, 512 dimensions in the weight: the iterative solve against the explicit matrix.
        const int Wanted = 4;
        const double SolverUnits = 1e-9;
        ClassMeanLayer layer = Reference.Random(3, 100, 16, 32, crossEntropy: false);
        double[] expected = Reference.Eigenvalues(Reference.Hessian(layer));

        ClassMeanHessian predicted = Predict(layer, Wanted);

        Assert.Equal(Wanted, predicted.Eigenvalues.Count);
        Assert.False(predicted.IsComplete);
        Assert.True(predicted.Convergence.IsConverged, predicted.Convergence.Message);
        for (int j = 0; j < Wanted; j++)
            Assert.Equal(expected[j], predicted.Eigenvalues[j], SolverUnits * expected[0]);
        Assert.True(Reference.OrthonormalityDefect(predicted.Eigenvectors(Wanted)) <= Units);
    }

    [Fact]
    public void Vanishing_class_means_predict_nothing()
    {
        ClassMeanLayer random = Reference.Random(5, 3, 4, 6, crossEntropy: true);
        ClassMeanHessian noFeatures = Predict(new ClassMeanLayer(random.Shares, new Tensor<double>(3, 6), random.Jacobians, random.LossHessians));
        ClassMeanHessian noCurvature = Predict(new ClassMeanLayer(random.Shares, random.Features, random.Jacobians, new Tensor<double>(3, 3, 3)));

        Assert.Empty(noFeatures.Eigenvalues);
        Assert.Empty(noCurvature.Eigenvalues);
        Assert.Empty(noFeatures.Groups());
        Assert.Equal(0.0, noFeatures.Trace);
        Assert.Throws<ArgumentOutOfRangeException>(() => noCurvature.Eigenvectors(1));
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused_by_name()
    {
        ClassMeanLayer layer = Reference.Random(5, 3, 4, 6, crossEntropy: true);
        Tensor<double> infinite = layer.Features.Clone();
        infinite[1, 2] = double.NaN;

        Assert.Equal("shares", Assert.Throws<ArgumentException>(() => new ClassMeanLayer([0.5, 0.5, 0.0], layer.Features, layer.Jacobians, layer.LossHessians)).ParamName);
        Assert.Equal("features", Assert.Throws<ArgumentException>(() => new ClassMeanLayer([0.5, 0.5], layer.Features, layer.Jacobians, layer.LossHessians)).ParamName);
        Assert.Equal("features", Assert.Throws<ArgumentException>(() => new ClassMeanLayer(layer.Shares, infinite, layer.Jacobians, layer.LossHessians)).ParamName);
        Assert.Equal("jacobians", Assert.Throws<ArgumentException>(() => new ClassMeanLayer(layer.Shares, layer.Features, new Tensor<double>(3, 12), layer.LossHessians)).ParamName);
        Assert.Equal("lossHessians", Assert.Throws<ArgumentException>(() => new ClassMeanLayer(layer.Shares, layer.Features, layer.Jacobians, new Tensor<double>(3, 4, 4))).ParamName);
        Assert.Equal("pairs", Assert.Throws<ArgumentOutOfRangeException>(() => Predict(layer, 0)).ParamName);
    }

    private static ClassMeanHessian Predict(ClassMeanLayer layer, int pairs = 1000) =>
        ClassMeanHessian.Predict(layer, pairs, Reference.Compute, new RandomStream(1));
}
