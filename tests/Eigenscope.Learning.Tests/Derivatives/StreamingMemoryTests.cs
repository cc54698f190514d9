using System.Diagnostics;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Tests.Data;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>Tests that look at the whole process, and therefore run by themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeProcess
{
    public const string Name = "whole process";
}

/// <summary>What derivatives over a stream of samples hold in memory.</summary>
[Collection(WholeProcess.Name)]
public sealed class StreamingMemoryTests
{
    private const int Size = 24;
    private const int Classes = 4;
    private const int Few = 5_000;
    private const int Many = 50_000;
    private static readonly Network Perceptron = Network.Mlp(new MlpOptions { Widths = [Size, 12, Classes], Activation = Activation.Tanh });

    [Fact]
    public void Products_take_the_same_memory_for_ten_times_the_samples()
    {
        // One slice in double precision for each of two threads; 45,000 more samples would be 8.6 MB of inputs alone.
        const long Slack = 256 << 10;

        Footprint few = Measure(Few, 1 << 20);
        Footprint many = Measure(Many, 1 << 20);
        Footprint kept = Measure(Many, 1L << 30);

        Assert.InRange(many.Held - few.Held, -Slack, Slack);
        Assert.InRange(many.AllocatedByProducts - few.AllocatedByProducts, -Slack, Slack);
        Assert.InRange(many.HeldAtMostWhileReading - few.HeldAtMostWhileReading, -4 * Slack, 4 * Slack);
        // What grows with the samples is seen: here their activations and inputs are kept.
        Assert.InRange(kept.Held - few.Held, 8L * Many * Size, long.MaxValue);
    }

    [Fact]
    public void Objectives_in_single_precision_share_one_copy_of_a_data_set()
    {
        Dataset digits = EmbeddedDigits.Load();
        Network network = Network.Mlp(new MlpOptions { Widths = [digits.Dimension, 10] });
        ObjectiveOptions options = new() { Precision = Precision.Float32 };
        long copy = sizeof(float) * (long)digits.Inputs.Length;

        (long first, Objective training) = Allocated(() => Objective.Create(network, digits.AsSource(), new CrossEntropy(), Computing(), options));
        (long second, Objective measuring) = Allocated(() => Objective.Create(network, digits.AsSource(), new CrossEntropy(), Computing(), options));

        Assert.InRange(first, copy, 2 * copy);
        Assert.InRange(second, 0, copy / 4);
        double[] parameters = network.Initialize(new InitializationOptions(), new RandomStream(1));
        Assert.Equal(training.Evaluate(parameters), measuring.Evaluate(parameters));
    }

    [Fact]
    public void A_source_that_is_not_safe_on_several_threads_is_named()
    {
        Objective objective = Objective.Create(Perceptron, new SharedPosition(400), new CrossEntropy(), Computing(), new ObjectiveOptions { SliceRows = 100 });

        DeterminismVerdict verdict = DeterminismProbe.Check(objective, Parameters());

        Assert.Equal(DeterminismCause.NotThreadSafe, verdict.Cause);
        Assert.Contains("samples agree when they are read on one thread but not on 2", verdict.Message, StringComparison.Ordinal);
    }

    private static (long Bytes, TResult Result) Allocated<TResult>(Func<TResult> make)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        TResult result = make();
        return (GC.GetTotalAllocatedBytes(precise: true) - before, result);
    }

    [Fact]
    public void Products_over_fifty_thousand_streamed_samples_are_those_over_an_array()
    {
        GeneratedSource source = new(Many, Size, Classes);
        (double[] inputs, int[] labels) = source.All();
        ObjectiveOptions options = new() { ActivationBudget = 1 << 20 };
        double[] parameters = Parameters();
        double[] direction = Direction();
        using Linearization streamed = Objective.Create(Perceptron, source, new CrossEntropy(), Computing(), options).Linearize(parameters);
        using Linearization resident = Objective.Create(Perceptron, new Tensor<double>(inputs, Many, Size), labels, new CrossEntropy(), Computing(), options with { ActivationBudget = 1L << 30, SliceRows = 501 }).Linearize(parameters);

        double[] product = new double[direction.Length];
        double[] expected = new double[direction.Length];
        streamed.Hessian().Apply(direction, product);
        resident.Hessian().Apply(direction, expected);

        Assert.Equal(0, streamed.ActivationBytes);
        Assert.True(resident.ActivationBytes > options.ActivationBudget);
        // Sums over 50,000 samples in another order.
        const double Tolerance = 1e4 * 1.1102230246251565e-16;
        double norm = Math.Sqrt(expected.Sum(static value => value * value));
        Assert.All(product.Zip(expected), pair => Assert.InRange(pair.First - pair.Second, -Tolerance * norm, Tolerance * norm));
    }

    [Fact]
    public void A_thousand_steps_and_products_leave_memory_as_it_was()
    {
        const int Steps = 1_000;
        const long HeapSlack = 1 << 20;
        const long ProcessSlack = 48 << 20;
        Objective objective = Objective.Create(Perceptron, new GeneratedSource(600, Size, Classes), new CrossEntropy(), Computing(), new ObjectiveOptions { SliceRows = 100 });
        double[] parameters = Parameters();
        Run(objective, parameters, Steps / 10);
        (long heap, long process) = Memory();

        Run(objective, parameters, Steps);

        (long heapAfter, long processAfter) = Memory();
        Assert.InRange(heapAfter - heap, long.MinValue, HeapSlack);
        Assert.InRange(processAfter - process, long.MinValue, ProcessSlack);
    }

    private static void Run(Objective objective, double[] parameters, int steps)
    {
        double[] gradient = new double[parameters.Length];
        double[] product = new double[parameters.Length];
        int[] batch = new int[64];
        for (int step = 0; step < steps; step++)
        {
            for (int i = 0; i < batch.Length; i++)
                batch[i] = ((step * batch.Length) + (i * 7)) % objective.SampleCount;
            objective.BatchGradient(parameters, batch, gradient);
            for (int i = 0; i < parameters.Length; i++)
                parameters[i] -= 0.1 * gradient[i];
            if (step % 5 > 0)
                continue;
            using Linearization point = objective.Linearize(parameters);
            point.Hessian().Apply(gradient, product);
        }
    }

    private static Footprint Measure(int samples, long budget)
    {
        WatchingSource source = new(samples);
        Objective objective = Objective.Create(Perceptron, source, new CrossEntropy(), Computing(), new ObjectiveOptions { ActivationBudget = budget, SliceRows = 200 });
        double[] parameters = Parameters();
        double[] direction = Direction();
        double[] product = new double[direction.Length];
        long before = Memory().Heap;
        using Linearization point = objective.Linearize(parameters);
        LinearOperator hessian = point.Hessian();
        hessian.Apply(direction, product);
        long held = Memory().Heap - before;
        source.Watch(before);
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        hessian.Apply(direction, product);
        hessian.Apply(direction, product);
        return new Footprint(held, GC.GetTotalAllocatedBytes(precise: true) - allocated, source.Most);
    }

    private static (long Heap, long Process) Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long heap = GC.GetTotalMemory(forceFullCollection: true);
        using Process self = Process.GetCurrentProcess();
        return (heap, self.PrivateMemorySize64);
    }

    private static double[] Parameters() => Perceptron.Initialize(new InitializationOptions(), new RandomStream(3));

    private static double[] Direction()
    {
        double[] direction = new double[Perceptron.ParameterCount];
        new RandomStream(4).FillNormal(direction);
        return direction;
    }

    private static Compute Computing() => new(BlasBackends.Load(BlasChoice.Auto).Backend, 2);

    private sealed record Footprint(long Held, long AllocatedByProducts, long HeldAtMostWhileReading);

    /// <summary>Looks at the heap whenever it is read.</summary>
    private sealed class WatchingSource(int samples) : SampleSource("watching", samples, Size)
    {
        private readonly GeneratedSource _source = new(samples, Size, Classes);
        private long _before = long.MaxValue;

        public long Most { get; private set; }

        public void Watch(long before) => _before = before;

        protected override int ReadCore(int start, int count, Span<double> inputs, Span<int> labels)
        {
            if (_before != long.MaxValue)
                Most = Math.Max(Most, GC.GetTotalMemory(forceFullCollection: false) - _before);
            _source.Read(start, count, inputs, labels);
            return count;
        }
    }

    /// <summary>A file that is positioned and then read, without a lock; two calls at once are given time to meet between the two.</summary>
    private sealed class SharedPosition(int samples) : SampleSource("shared position", samples, Size)
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
        private readonly GeneratedSource _source = new(samples, Size, Classes);
        private int _reading;
        private int _met;

        protected override int ReadCore(int start, int count, Span<double> inputs, Span<int> labels)
        {
            bool alone = Interlocked.Increment(ref _reading) == 1;
            // Only the beginning waits, so that reads one after another cost little.
            bool together = !alone || (start == 0 && SpinWait.SpinUntil(() => Volatile.Read(ref _reading) > 1, Patience));
            _source.Read(start, count, inputs, labels);
            if (together)
                inputs[0] += Interlocked.Increment(ref _met);
            Interlocked.Decrement(ref _reading);
            return count;
        }
    }
}
