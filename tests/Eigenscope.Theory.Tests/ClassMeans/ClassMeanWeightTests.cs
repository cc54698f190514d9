using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Theory.ClassMeans;

namespace Eigenscope.Theory.Tests.ClassMeans;

public sealed class ClassMeanWeightTests
{
    private const double Units = 200.0 * Reference.Epsilon;

    [Theory]
    [InlineData(3, 6, 5)]
    [InlineData(3, 2, 7)]
    [InlineData(5, 8, 4)]
    public void Singular_values_and_vectors_are_those_of_the_explicit_sum(int classes, int outputs, int inputs)
    {
        const double Norm = 2.5;
        RandomStream random = new(2);
        Tensor<double> left = new(classes, outputs), right = new(classes, inputs);
        random.FillNormal(left.Span);
        random.FillNormal(right.Span);
        double[,] sum = Sum(left, right);
        Tensor<double> gram = new(outputs, outputs);
        for (int i = 0; i < outputs; i++)
            for (int j = 0; j < outputs; j++)
                for (int k = 0; k < inputs; k++)
                    gram[i, j] += sum[i, k] * sum[j, k];
        double scale = Norm / Math.Sqrt(Reference.Trace(gram));

        Check(ClassMeanWeight.Predict(left, right, Norm, Reference.Compute));
        Tensor<double> matrix = new([.. sum.Cast<double>()], outputs, inputs);
        Check(ClassMeanWeight.Predict(matrix, Norm, Reference.Compute));
        Assert.Equal(sum[0, 0], matrix[0, 0]);

        void Check(ClassMeanWeight predicted)
        {
            int rank = Math.Min(classes, Math.Min(outputs, inputs));
            Assert.Equal(rank, predicted.SingularValues.Count);
            Assert.Equal(Norm * Norm, predicted.SingularValues.Sum(static value => value * value), Units * Norm * Norm);
            double[] squares = Reference.Eigenvalues(gram);
            for (int j = 0; j < rank; j++)
                Assert.Equal(scale * scale * squares[j], predicted.SingularValues[j] * predicted.SingularValues[j], Units * Norm * Norm);
            Assert.True(Reference.OrthonormalityDefect(predicted.LeftVectors) <= Units);
            Assert.True(Reference.OrthonormalityDefect(predicted.RightVectors) <= Units);
            for (int i = 0; i < outputs; i++)
            {
                for (int k = 0; k < inputs; k++)
                {
                    double rebuilt = Enumerable.Range(0, rank).Sum(j => predicted.LeftVectors[j, i] * predicted.SingularValues[j] * predicted.RightVectors[j, k]);
                    Assert.Equal(scale * sum[i, k], rebuilt, Units * Norm);
                }
            }
        }
    }

    [Fact]
    public void Zero_means_predict_no_weight()
    {
        ClassMeanWeight predicted = ClassMeanWeight.Predict(new Tensor<double>(3, 4), new Tensor<double>(3, 5), 1.0, Reference.Compute);

        Assert.Empty(predicted.SingularValues);
        Assert.Equal(0, predicted.RightVectors.Rows);
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused_by_name()
    {
        Tensor<double> means = new(3, 4);
        Assert.Equal("preActivations", Assert.Throws<ArgumentException>(() => ClassMeanWeight.Predict(new Tensor<double>(2, 4), means, 1.0, Reference.Compute)).ParamName);
        Assert.Equal("frobeniusNorm", Assert.Throws<ArgumentOutOfRangeException>(() => ClassMeanWeight.Predict(means, means, double.NaN, Reference.Compute)).ParamName);
    }

    private static double[,] Sum(Tensor<double> left, Tensor<double> right)
    {
        double[,] sum = new double[left.Columns, right.Columns];
        for (int c = 0; c < left.Rows; c++)
            for (int i = 0; i < left.Columns; i++)
                for (int k = 0; k < right.Columns; k++)
                    sum[i, k] += left[c, i] * right[c, k];
        return sum;
    }
}
