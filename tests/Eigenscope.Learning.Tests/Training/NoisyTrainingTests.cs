using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Training;

/// <summary>Whole runs with everything that training does and measuring does not.</summary>
public sealed class NoisyTrainingTests : IDisposable
{
    private const int BatchSize = 48;
    private static readonly Dataset Digits = EmbeddedDigits.Load().Take(200);
    private readonly string _folder = Directory.CreateTempSubdirectory("eigenscope-").FullName;
    private readonly Network _network = Network.ForImages(new ImageModelOptions
    {
        Model = ImageModel.ResNet8,
        SampleShape = [1, 8, 8],
        Classes = 10,
        Channels = 4,
        Head = new HeadOptions { Depth = 2, Width = 16, Dropout = 0.2 },
    });

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(3)]
    [InlineData(13)]
    public void A_run_stopped_within_an_epoch_goes_on_to_the_same_bits(int steps)
    {
        const int BatchesOfAnEpoch = 5;
        TrainingOptions options = Options(epochs: 4);
        TrainingState initial = TrainingState.Initial(_network.Initialize(new InitializationOptions(), new RandomStream(2)));
        TrainingOutcome whole = Trainer(options).Run(initial);
        // Batches are of 48, 48, 48, 48 and 8 samples; the run is cancelled while it reads those of the step before the last it does.
        int samples = (steps / BatchesOfAnEpoch * Digits.SampleCount) + (steps % BatchesOfAnEpoch * BatchSize);
        using CancellingSource source = new(Digits, samples);
        TrainingOutcome cut = Trainer(options, source.Objective(_network)).Run(initial, cancellation: source.Token);
        Assert.Equal(steps, cut.Steps);
        Assert.Equal(steps % BatchesOfAnEpoch, cut.State.Batch);
        string path = Path.Combine(_folder, "cut.npz");
        Checkpoint.Save(path, _network, cut.State, "");
        TrainingState loaded = Checkpoint.Load(path, _network).State;
        Assert.Equal(cut.State.Parameters, loaded.Parameters);
        Assert.NotEqual(initial.Parameters[_network.ParameterCount..], loaded.Parameters[_network.ParameterCount..]);
        TrainingOutcome resumed = Trainer(options).Run(loaded);
        Assert.Equal(whole.State.Parameters, resumed.State.Parameters);
        Assert.NotEqual(whole.State.Parameters, loaded.Parameters);
    }

    [Fact]
    public void A_small_residual_network_learns_digits_and_is_measured_with_its_statistics()
    {
        TrainingOptions options = Options(epochs: 60) with { Augmentation = null };
        double[] state = Trainer(options).Run(TrainingState.Initial(_network.Initialize(new InitializationOptions(), new RandomStream(2)))).State.Parameters;
        Assert.True(Objective().Evaluate(state).Accuracy >= 0.99, $"{Objective().Evaluate(state).Accuracy}");
    }

    [Fact]
    public void Steps_allocate_little_and_keep_to_their_memory()
    {
        const int Steps = 20;
        const long BytesPerStep = 40_000;
        Objective objective = Objective(threads: 1);
        double[] state = _network.Initialize(new InitializationOptions(), new RandomStream(2));
        double[] gradient = new double[_network.ParameterCount];
        int[] batch = [.. Enumerable.Range(0, 48)];
        TrainingStep step = new() { Random = new RandomStream(1), Epoch = 0, Batch = 0, LabelSmoothing = 0.1, Augmentation = new Augmentation { Image = new ImageShape(1, 8, 8) } };
        objective.TrainingGradient(state, batch, gradient, step);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Steps; i++)
            objective.TrainingGradient(state, batch, gradient, step with { Batch = i });
        long perStep = (GC.GetAllocatedBytesForCurrentThread() - before) / Steps;
        Assert.True(perStep < BytesPerStep, $"{perStep} bytes a step");
    }

    [Fact]
    public void What_cannot_be_trained_is_refused_before_the_first_step()
    {
        Network flat = new NormalizedProblem().Network;
        Objective objective = new NormalizedProblem().Objective();
        WeightDecay decay = WeightDecay.OnWeights(objective.Network, 0.0);
        Assert.Contains("SGD or Adam", Assert.Throws<ArgumentException>(() => new Trainer(objective, decay, new TrainingOptions { Optimizer = new LbfgsOptions() }, new RandomStream(1))).Message, StringComparison.Ordinal);
        Assert.Contains("SGD or Adam", Assert.Throws<ArgumentException>(() => new SecondOrderMinimizer(objective, decay, new SecondOrderOptions())).Message, StringComparison.Ordinal);
        Assert.Contains("another batch size", Assert.Throws<ArgumentException>(() => new Trainer(objective, decay, new TrainingOptions { BatchSize = 59 }, new RandomStream(1))).Message, StringComparison.Ordinal);
        Assert.Contains("statistics", Assert.Throws<ArgumentException>(() => new Trainer(objective, decay, new TrainingOptions(), new RandomStream(1)).Run(TrainingState.Initial(new double[flat.ParameterCount]))).Message, StringComparison.Ordinal);
    }

    private static TrainingOptions Options(int epochs) => new()
    {
        Optimizer = new SgdOptions { LearningRate = 0.1 },
        Epochs = epochs,
        BatchSize = BatchSize,
        LabelSmoothing = 0.05,
        Augmentation = new Augmentation { Image = new ImageShape(1, 8, 8), CropPadding = 1, HorizontalFlip = false },
        Schedule = new LearningRateSchedule.Cosine(),
    };

    private Objective Objective(int threads = 2) => Learning.Derivatives.Objective.Create(
        _network, Digits.Inputs, Digits.Labels, new CrossEntropy(), new Compute(BlasBackends.Load(BlasChoice.Auto).Backend, threads), new ObjectiveOptions { Precision = Precision.Float32 });

    private Trainer Trainer(TrainingOptions options, Objective? objective = null) => new(objective ?? Objective(), WeightDecay.OnWeights(_network, 5e-4), options, new RandomStream(3));

    /// <summary>Samples that cancel whoever has read a number of them.</summary>
    private sealed class CancellingSource(Dataset data, int readable) : SampleSource("cancelling", data.SampleCount, data.Dimension), IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private int _read;

        public CancellationToken Token => _stop.Token;

        public void Dispose() => _stop.Dispose();

        public Objective Objective(Network network) => Learning.Derivatives.Objective.Create(
            network, this, new CrossEntropy(), new Compute(BlasBackends.Load(BlasChoice.Auto).Backend, 2), new ObjectiveOptions { Precision = Precision.Float32 });

        protected override int ReadCore(int start, int count, Span<double> inputs, Span<int> labels)
        {
            data.Inputs.Span.Slice(start * data.Dimension, count * data.Dimension).CopyTo(inputs);
            data.Labels.AsSpan(start, count).CopyTo(labels);
            if (Interlocked.Add(ref _read, count) >= readable)
                _stop.Cancel();
            return count;
        }
    }
}
