using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>What products cost in memory. One thread computes everything on the test's own, so that its allocations can be counted to the byte.</summary>
public sealed class MemoryTests
{
    private static readonly Network Small = Network.Mlp(new MlpOptions { Widths = [6, 8, 3] });
    private static readonly Compute OneThread = new(BlasBackends.Load(BlasChoice.Auto).Backend, 1);

    [Fact]
    public void Fifty_thousand_samples_stream_in_the_memory_of_two_thousand()
    {
        // What the runtime allocates once is out of the way.
        AllocatedByProducts(samples: 100);
        long few = AllocatedByProducts(samples: 2_000);
        long many = AllocatedByProducts(samples: 50_000);
        // Not even a byte per sample.
        Assert.True(Math.Abs(many - few) < 8_192, $"{few} bytes with 2,000 samples, {many} with 50,000");
    }

    [Fact]
    public void A_thousand_products_allocate_only_their_closures()
    {
        Objective objective = SmallObjective(500, new ObjectiveOptions { SliceRows = 40 });
        using Linearization point = objective.Linearize(Parameters(Small));
        foreach (LinearOperator op in new[] { point.Hessian(), point.GaussNewton("1.weight"), point.EmpiricalFisher("*.weight"), point.GradientCovariance(), point.Jacobian(), point.NeuralTangentKernel() })
        {
            Tensor<double> x = new(3, op.Columns);
            Tensor<double> y = new(3, op.Rows);
            x.Span.Fill(0.5);
            op.Apply(x.AsMatrix(), y.AsMatrix());
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
                op.Apply(x.AsMatrix(), y.AsMatrix());
            long each = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;
            Assert.True(each < 2_048, $"{each} bytes a product");
        }
    }

    [Theory]
    [InlineData("attention of two heads under a mask")]
    [InlineData("smooth functions of one result")]
    [InlineData("selection with repeats and zeros, sums, constants")]
    public void Products_of_branched_networks_allocate_only_their_closures_too(string name)
    {
        (_, ImageShape input, string loss, Action<INetworkDescription> describe) = BranchedNetworks.All.Single(entry => string.Equals(entry.Name, name, StringComparison.Ordinal));
        NetworkProblem problem = new(name, input, describe, loss, samples: 50);
        using Linearization point = problem.Objective(OneThread, new ObjectiveOptions { SliceRows = 20 }).Linearize(problem.State);
        LinearOperator hessian = point.Hessian();
        Tensor<double> x = new(1, hessian.Columns), y = new(1, hessian.Rows);
        x.Span.Fill(0.5);
        hessian.Apply(x.AsMatrix(), y.AsMatrix());
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            hessian.Apply(x.AsMatrix(), y.AsMatrix());
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
        Assert.True(each < 2_048, $"{each} bytes a product");
    }

    [Fact]
    public void A_thousand_training_steps_and_measurements_allocate_no_arrays_of_parameters_or_activations()
    {
        Objective objective = SmallObjective(500, new ObjectiveOptions());
        double[] parameters = Parameters(Small);
        double[] gradient = new double[parameters.Length];
        int[] batch = [.. Enumerable.Range(0, 32)];
        double[] direction = [.. parameters.Select(static _ => 1.0)];
        double[] product = new double[parameters.Length];
        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            Step();
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;
        // One slice of values and cotangents is 32 × 22 × 8 × 2 bytes = 11 KB; a gradient sum and the like come on top if anything is not used again.
        Assert.True(each < 4_096, $"{each} bytes a step");

        void Step()
        {
            objective.BatchGradient(parameters, batch, gradient);
            using Linearization point = objective.Linearize(parameters);
            point.Hessian().Apply(direction, product);
        }
    }

    [Fact]
    public void Slices_are_as_long_as_their_memory_allows()
    {
        Network perceptron = Network.Mlp(new MlpOptions { Widths = [784, 512, 256, 10] });
        Assert.Equal(SliceSize.MostRows, SliceSize.Rows<float>(perceptron));
        Network residual = Network.ForImages(new ImageModelOptions { Model = ImageModel.ResNet20, SampleShape = [3, 32, 32], Classes = 10 });
        long perSample = SliceState<float>.Bytes(residual, 1) + TangentBuffers<float>.Bytes(residual, 1);
        Assert.True(perSample > 1 << 20);
        int rows = SliceSize.Rows<float>(residual);
        Assert.InRange(rows * perSample, SliceSize.Bytes - perSample, SliceSize.Bytes);
        Network vast = Network.ForImages(new ImageModelOptions { Model = ImageModel.ResNet20, SampleShape = [3, 1024, 1024], Classes = 10 });
        Assert.Equal(1, SliceSize.Rows<double>(vast));
        Network heavy = Network.ForImages(new ImageModelOptions { Model = ImageModel.ResNet18, SampleShape = [3, 32, 32], Classes = 10 });
        Assert.InRange(SliceSize.Rows<float>(heavy) * (SliceState<float>.Bytes(heavy, 1) + TangentBuffers<float>.Bytes(heavy, 1)), 3L * 4 * heavy.ParameterCount, 4L * 4 * heavy.ParameterCount);
    }

    [Fact]
    public void One_sample_of_a_large_network_is_worth_a_thread()
    {
        Assert.Equal(SliceSize.MostOfSmallestPart, SliceSize.SmallestPart<float>(Network.Mlp(new MlpOptions { Widths = [784, 512, 256, 10] })));
        Assert.Equal(1, SliceSize.SmallestPart<float>(Network.ForImages(new ImageModelOptions { Model = ImageModel.ResNet18, SampleShape = [3, 32, 32], Classes = 10 })));
    }

    [Theory]
    [InlineData(0L, 0L, 0L)]
    [InlineData(5L << 30, 4L << 30, 1L << 30)]
    [InlineData(7L, 6L, 1L)]
    public void One_figure_for_memory_is_shared_out_whole(long bytes, long activations, long jacobians)
    {
        ObjectiveOptions options = new ObjectiveOptions().WithMemory(bytes);
        Assert.Equal((activations, jacobians), (options.ActivationBudget, options.JacobianBudget));
        Assert.Throws<ArgumentOutOfRangeException>(() => options.WithMemory(-1));
    }

    private static long AllocatedByProducts(int samples)
    {
        Objective objective = SmallObjective(samples, new ObjectiveOptions().WithMemory(1 << 10));
        double[] parameters = Parameters(Small);
        double[] direction = [.. parameters.Select(static _ => 1.0)];
        double[] product = new double[parameters.Length];
        long before = GC.GetAllocatedBytesForCurrentThread();
        using Linearization point = objective.Linearize(parameters);
        point.Hessian().Apply(direction, product);
        point.GaussNewton("1").Apply(direction.AsSpan(0, 56), product.AsSpan(0, 56));
        point.GradientCovariance().Apply(direction, product);
        Assert.Equal(0, point.ActivationBytes);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static Objective SmallObjective(int samples, ObjectiveOptions options)
    {
        Tensor<double> inputs = new(samples, 6);
        new RandomStream(3).FillNormal(inputs.Span);
        return Objective.Create(Small, inputs, [.. Enumerable.Range(0, samples).Select(static i => i % 3)], new CrossEntropy(), OneThread, options);
    }

    private static double[] Parameters(Network network) => network.Initialize(new InitializationOptions(), new RandomStream(5));
}
