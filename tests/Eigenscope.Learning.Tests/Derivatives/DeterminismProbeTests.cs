using System.Runtime.CompilerServices;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Tests.Data;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>Sources and networks that are wrong on purpose, each in one way, and good ones that must pass.</summary>
public sealed class DeterminismProbeTests
{
    private const int Samples = 103;
    private const int Size = 6;
    private const int Classes = 4;
    private static readonly (double[] Inputs, int[] Labels) Clean = new GeneratedSource(Samples, Size, Classes).All();
    private static readonly Network Perceptron = Network.Mlp(new MlpOptions { Widths = [Size, 9, Classes], Activation = Activation.Tanh });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_clean_source_is_never_flagged(int threads)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Activation activation = seed % 2 == 0 ? Activation.Tanh : Activation.Relu;
            Network network = Network.Mlp(new MlpOptions { Widths = [Size, 20, 20, 20, Classes], Activation = activation });
            double[] parameters = network.Initialize(new InitializationOptions { Scale = seed % 3 == 0 ? 4.0 : 1.0 }, new RandomStream((ulong)seed));
            ObjectiveOptions options = new() { SliceRows = 1 + (seed * 7), Precision = seed % 4 < 2 ? Precision.Float64 : Precision.Float32 };
            Objective objective = Objective.Create(network, new GeneratedSource(1 + (seed * 23), Size, Classes, seed), new CrossEntropy(), Computing(threads), options);

            DeterminismVerdict verdict = DeterminismProbe.Check(objective, parameters);

            Assert.True(verdict.IsDeterministic, $"seed {seed}: {verdict.Message}");
            DeterminismProbe.Require(objective, parameters);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Samples_that_are_shuffled_between_passes_are_named(int threads)
    {
        AssertCaught(DeterminismCause.Shuffling, "the same samples came in another order", threads, static (pass, start, count, inputs, labels) => Permuted(Order(pass), start, count, inputs, labels));
        AssertCaught(DeterminismCause.Shuffling, "turn shuffling off", threads, static (pass, start, count, inputs, labels) =>
        {
            int[] order = [.. Enumerable.Range(0, Samples)];
            new RandomStream((ulong)((pass * 1000) + start)).Shuffle(order.AsSpan(start, count));
            return Permuted(order, start, count, inputs, labels);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Inputs_shuffled_without_their_labels_are_named(int threads) =>
        AssertCaught(DeterminismCause.Shuffling, "their labels did not move with them", threads, static (pass, start, count, inputs, labels) =>
        {
            Permuted(Order(pass), start, count, inputs, labels);
            Clean.Labels.AsSpan(start, count).CopyTo(labels);
            return count;
        });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Augmentation_is_named(int threads) =>
        AssertCaught(DeterminismCause.Augmentation, "turn augmentation and noise off", threads, static (pass, start, count, inputs, labels) =>
        {
            Straight(start, count, inputs, labels);
            RandomStream coin = new((ulong)((pass * 1000) + start));
            for (int i = 0; i < count; i++)
            {
                if (coin.NextDouble() < 0.5)
                    inputs.Slice(i * Size, Size).Reverse();
            }
            return count;
        });

    [Fact]
    public void The_smallest_noise_is_named_with_its_size()
    {
        int calls = 0;
        string message = AssertCaught(DeterminismCause.Augmentation, "labels unchanged", 2, (_, start, count, inputs, labels) =>
        {
            Straight(start, count, inputs, labels);
            RandomStream noise = new((ulong)Interlocked.Increment(ref calls));
            foreach (ref double value in inputs)
                value += 1e-12 * noise.NextNormal();
            return count;
        });
        Assert.Matches(@"values change by up to \d(\.\d)?e-1[123]", message);
    }

    [Fact]
    public void Augmentation_together_with_shuffling_is_named() =>
        AssertCaught(DeterminismCause.Augmentation, "turn augmentation and shuffling off", 2, static (pass, start, count, inputs, labels) =>
        {
            Permuted(Order(pass), start, count, inputs, labels);
            foreach (ref double value in inputs)
                value += pass;
            return count;
        });

    [Fact]
    public void Labels_that_change_alone_are_named()
    {
        AssertCaught(DeterminismCause.LabelsChanged, "labels are shuffled apart from their samples", 2, static (pass, start, count, inputs, labels) =>
        {
            Straight(start, count, inputs, labels);
            int[] order = Order(pass);
            for (int i = 0; i < count; i++)
                labels[i] = Clean.Labels[order[start + i]];
            return count;
        });
        AssertCaught(DeterminismCause.LabelsChanged, "1 of 103 samples (the first is 40) came with another label", 2, static (pass, start, count, inputs, labels) =>
        {
            Straight(start, count, inputs, labels);
            if (start <= 40 && 40 < start + count)
                labels[40 - start] = pass % Classes;
            return count;
        });
    }

    [Fact]
    public void Samples_that_are_drawn_anew_are_named() =>
        AssertCaught(DeterminismCause.OtherSamples, "draw the samples once", 2, static (pass, start, count, inputs, labels) =>
        {
            inputs.Fill(pass);
            labels.Fill(pass % Classes);
            return count;
        });

    [Fact]
    public void A_sample_that_depends_on_the_range_it_is_read_in_is_named() =>
        AssertCaught(DeterminismCause.RangeDependence, "whatever range it is asked for", 2, static (_, start, count, inputs, labels) =>
        {
            Straight(start, count, inputs, labels);
            inputs[0] += count;
            return count;
        });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_last_batch_that_comes_short_is_named(int threads) =>
        AssertCaught(DeterminismCause.TooFewSamples, "the shorter last one included", threads, static (_, start, count, inputs, labels) =>
        {
            Straight(start, count, inputs, labels);
            return start + count == Samples ? count - 1 : count;
        });

    [Fact]
    public void What_cannot_be_measured_is_named()
    {
        AssertCaught(DeterminismCause.SourceFailed, "test source: reading samples", 2, static (_, _, _, _, _) => throw new IOException("disk on fire"));
        AssertCaught(DeterminismCause.NonFiniteInput, "test source: sample 77 has NaN at coordinate 5", 2, static (_, start, count, inputs, labels) =>
        {
            Straight(start, count, inputs, labels);
            if (start <= 77 && 77 < start + count)
                inputs[((77 - start) * Size) + 5] = double.NaN;
            return count;
        });
        AssertCaught(DeterminismCause.LabelOutOfRange, "sample 0 has label 4, expected a class in 0 … 3", 1, static (_, start, count, inputs, labels) =>
        {
            Straight(start, count, inputs, labels);
            labels[0] = Classes;
            return count;
        });
    }

    [Fact]
    public void Parameters_that_have_diverged_are_not_taken_for_a_bad_source()
    {
        double[] parameters = new double[Perceptron.ParameterCount];
        parameters[3] = double.NaN;

        DeterminismVerdict verdict = DeterminismProbe.Check(Over(Perceptron, new GeneratedSource(Samples, Size, Classes), 2), parameters);

        Assert.Equal(DeterminismCause.NonFiniteLoss, verdict.Cause);
        Assert.Throws<ArgumentException>(() => DeterminismProbe.Check(Over(Perceptron, new GeneratedSource(Samples, Size, Classes), 2), new double[3]));
    }

    [Theory]
    [InlineData(1, Precision.Float64)]
    [InlineData(2, Precision.Float64)]
    [InlineData(2, Precision.Float32)]
    public void A_layer_that_mixes_the_samples_of_a_batch_is_caught(int threads, Precision precision)
    {
        Network network = WithLayer(static size => new CentringLayer(size));

        DeterminismVerdict verdict = DeterminismProbe.Check(Over(network, new GeneratedSource(Samples, Size, Classes), threads, precision), Parameters(network));

        Assert.Equal(DeterminismCause.BatchDependence, verdict.Cause);
        Assert.Matches("the logits of sample [0-9]+ change by .* with the samples that stand beside it: a layer mixes samples", verdict.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_layer_that_draws_is_caught(int threads)
    {
        Network network = WithLayer(static size => new DrawingLayer(size));

        DeterminismVerdict verdict = DeterminismProbe.Check(Over(network, new GeneratedSource(Samples, Size, Classes), threads), Parameters(network));

        Assert.Equal(DeterminismCause.Arithmetic, verdict.Cause);
        Assert.Contains("two passes over the same samples differ", verdict.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, Precision.Float64)]
    [InlineData(2, Precision.Float32)]
    public void Batch_normalisation_in_training_mode_is_named(int threads, Precision precision)
    {
        Network network = NetworkBuilder.Build(static builder =>
        {
            int hidden = builder.Dense(NetworkBuilder.Input, "1", Size, 8, biased: true);
            builder.Dense(builder.BatchNorm(hidden, "norm", new ImageShape(8, 1, 1)), "2", 8, Classes, biased: true);
        });
        GeneratedSource source = new(Samples, Size, Classes);
        Objective training = Over(network, source, threads, precision, NetworkMode.Training);

        DeterminismVerdict verdict = DeterminismProbe.Check(training, Parameters(network));

        Assert.Equal(DeterminismCause.BatchNormalization, verdict.Cause);
        Assert.Matches(@"the weighted loss of \d+ samples is .* in one batch and .* in batches of .*: in training mode, batch normalisation \('norm'\) uses the statistics of the batch: measure with", verdict.Message);
        verdict = DeterminismProbe.Check(Over(network, source, threads, precision), Parameters(network));
        Assert.True(verdict.IsDeterministic, verdict.Message);
    }

    [Fact]
    public void Dropout_left_on_is_named()
    {
        Network network = WithLayer(static size => new DropoutLayer("drop", size, 0.5));
        GeneratedSource source = new(Samples, Size, Classes);

        DeterminismVerdict verdict = DeterminismProbe.Check(Over(network, source, 2, mode: NetworkMode.Training), Parameters(network));

        Assert.Equal(DeterminismCause.Dropout, verdict.Cause);
        Assert.StartsWith("dropout is left on: ", verdict.Message, StringComparison.Ordinal);
        Assert.Contains("NetworkMode.Measuring", verdict.Message, StringComparison.Ordinal);
        verdict = DeterminismProbe.Check(Over(network, source, 2), Parameters(network));
        Assert.True(verdict.IsDeterministic, verdict.Message);
    }

    private static string AssertCaught(DeterminismCause cause, string message, int threads, DelegateSource.Delivery deliver)
    {
        Objective objective = Over(Perceptron, new DelegateSource(Samples, Size, deliver), threads);

        DeterminismVerdict verdict = DeterminismProbe.Check(objective, Parameters(Perceptron));

        Assert.True(cause == verdict.Cause, $"{cause} expected, {verdict.Cause} found: {verdict.Message}");
        Assert.False(verdict.IsDeterministic);
        Assert.Contains(message, verdict.Message, StringComparison.Ordinal);
        DeterminismException refusal = Assert.Throws<DeterminismException>(() => DeterminismProbe.Require(objective, Parameters(Perceptron)));
        Assert.Equal(cause, refusal.Verdict.Cause);
        return verdict.Message;
    }

    private static int Straight(int start, int count, Span<double> inputs, Span<int> labels)
    {
        Clean.Inputs.AsSpan(start * Size, count * Size).CopyTo(inputs);
        Clean.Labels.AsSpan(start, count).CopyTo(labels);
        return count;
    }

    private static int[] Order(int pass)
    {
        int[] order = [.. Enumerable.Range(0, Samples)];
        new RandomStream((ulong)pass).Shuffle<int>(order);
        return order;
    }

    private static int Permuted(int[] order, int start, int count, Span<double> inputs, Span<int> labels)
    {
        for (int i = 0; i < count; i++)
            Straight(order[start + i], 1, inputs.Slice(i * Size, Size), labels.Slice(i, 1));
        return count;
    }

    private static Objective Over(Network network, SampleSource source, int threads, Precision precision = Precision.Float64, NetworkMode mode = NetworkMode.Measuring) =>
        Objective.Create(network, source, new CrossEntropy(), Computing(threads), new ObjectiveOptions { SliceRows = 10, Precision = precision, Mode = mode });

    private static double[] Parameters(Network network) => network.Initialize(new InitializationOptions(), new RandomStream(5));

    private static Compute Computing(int threads) => new(BlasBackends.Load(BlasChoice.Auto).Backend, threads);

    private static Network WithLayer(Func<int, Layer> layer) => NetworkBuilder.Build(builder =>
    {
        int hidden = builder.Dense(NetworkBuilder.Input, "1", Size, 8, biased: true);
        builder.Dense(builder.Add(hidden, layer(8)), "2", 8, Classes, biased: true);
    });

    /// <summary>The identity but for what a test does to the values.</summary>
    private abstract class IdentityLayer(string name, int size) : ElementwiseLayer(name, size)
    {
        public override bool IsPiecewiseLinear => true;

        internal override bool ValueInPlace => false;

        internal override int StashSize => 0;

        private protected sealed override void MultiplySlope<T>(LayerSlice<T> slice, ReadOnlySpan<T> v, Span<T> r) => v.CopyTo(r);

        private protected sealed override void AddBend<T>(LayerSlice<T> slice, ReadOnlySpan<T> v, Span<T> r)
        {
        }
    }

    /// <summary>As a normalisation in the wrong mode: subtracts the mean of what it sees at once.</summary>
    private sealed class CentringLayer(int size) : IdentityLayer("centring", size)
    {
        private protected override void Map<T>(ReadOnlySpan<T> x, Span<T> y, Span<T> stash, bool keep) =>
            System.Numerics.Tensors.TensorPrimitives.Subtract(x, System.Numerics.Tensors.TensorPrimitives.Sum(x) / T.CreateTruncating(x.Length), y);
    }

    /// <summary>As a dropout in the wrong mode: another factor at every call.</summary>
    private sealed class DrawingLayer(int size) : IdentityLayer("drawing", size)
    {
        private readonly StrongBox<int> _calls = new();

        private protected override void Map<T>(ReadOnlySpan<T> x, Span<T> y, Span<T> stash, bool keep) =>
            System.Numerics.Tensors.TensorPrimitives.Multiply(x, T.One + (T.CreateTruncating(Interlocked.Increment(ref _calls.Value)) / T.CreateTruncating(1000)), y);
    }
}
