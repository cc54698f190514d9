using Eigenscope.Formats;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Tests.Derivatives;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Training;

public sealed class CheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("eigenscope-").FullName;
    private readonly DerivativeProblem _problem = new([5, 8, 8, 4], Activation.Relu, "cross-entropy");

    public static TheoryData<string> Optimizers() => ["sgd", "adam", "lbfgs"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_run_that_stopped_between_epochs_goes_on_to_the_same_bits(string optimizer)
    {
        TrainingOutcome whole = Trainer(Options(optimizer, 12)).Run(TrainingState.Initial(_problem.Parameters));
        string path = Path.Combine(_folder, "state.npz");
        // The checkpoint is written by the hook of epoch 5 of a run that has the same schedule, then training is cut.
        using CancellationTokenSource stop = new();
        Trainer(Options(optimizer, 12)).Run(
            TrainingState.Initial(_problem.Parameters),
            (progress, state) =>
            {
                if (progress.Epoch != 5)
                    return;
                Checkpoint.Save(path, _problem.Network, state, "a note: λ = 5e-4");
                stop.Cancel();
            },
            stop.Token);
        (TrainingState loaded, string note) = Checkpoint.Load(path, _problem.Network);
        Assert.Equal("a note: λ = 5e-4", note);
        Assert.Equal(5, loaded.Epoch);
        TrainingOutcome resumed = Trainer(Options(optimizer, 12)).Run(loaded);
        Assert.Equal(whole.State.Parameters, resumed.State.Parameters);
        Assert.NotEqual(whole.State.Parameters, loaded.Parameters);
    }

    [Fact]
    public async Task A_run_interrupted_anywhere_goes_on_to_the_same_bits()
    {
        TrainingOptions options = Options("sgd", 400);
        TrainingOutcome whole = Trainer(options).Run(TrainingState.Initial(_problem.Parameters));
        using CancellationTokenSource stop = new();
        Task<TrainingOutcome> running = Task.Run(() => Trainer(options).Run(TrainingState.Initial(_problem.Parameters), cancellation: stop.Token));
        await Task.Delay(5);
        await stop.CancelAsync();
        TrainingOutcome cut = await running;
        string path = Path.Combine(_folder, "cut.npz");
        Checkpoint.Save(path, _problem.Network, cut.State, "");
        TrainingOutcome resumed = Trainer(options).Run(Checkpoint.Load(path, _problem.Network).State);
        Assert.Equal(whole.State.Parameters, resumed.State.Parameters);
    }

    [Fact]
    public void A_state_within_an_epoch_starts_at_its_batch()
    {
        // One epoch has four batches: the last three of them, from the parameters after the first, are the rest of the epoch.
        TrainingOptions options = Options("sgd", 1);
        double[] gradient = new double[_problem.Parameters.Length];
        int[] order = new int[DerivativeProblem.Samples];
        BatchPlan plan = new(DerivativeProblem.Samples, 70);
        plan.Shuffle(order, 0, new RandomStream(3));
        (int start, int count) = plan.Range(0);
        _problem.Objective(2).BatchGradient(_problem.Parameters, order.AsSpan(start, count), gradient);
        WeightDecay.OnWeights(_problem.Network, 1e-3).AddGradient(_problem.Parameters, gradient);
        // The warm-up starts at rate 0, so the first step moves nothing and leaves the gradient as the velocity.
        TrainingState second = new()
        {
            Parameters = _problem.Parameters,
            Epoch = 0,
            Batch = 1,
            Optimizer = new Dictionary<string, double[]>(StringComparer.Ordinal) { ["velocity"] = gradient },
        };
        Assert.Equal(Trainer(options).Run(TrainingState.Initial(_problem.Parameters)).State.Parameters, Trainer(options).Run(second).State.Parameters);
    }

    [Fact]
    public void A_checkpoint_of_another_network_or_a_damaged_one_is_refused_by_name()
    {
        string path = Path.Combine(_folder, "state.npz");
        Checkpoint.Save(path, _problem.Network, TrainingState.Initial(_problem.Parameters), "");
        Network other = Network.Mlp(new MlpOptions { Widths = [5, 9, 8, 4] });
        Assert.Contains("1.weight", Assert.Throws<DataFormatException>(() => Checkpoint.Load(path, other)).Message, StringComparison.Ordinal);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        Assert.Throws<DataFormatException>(() => Checkpoint.Load(path, _problem.Network));
    }

    [Fact]
    public void State_of_another_optimiser_is_refused()
    {
        TrainingOutcome sgd = Trainer(Options("sgd", 1)).Run(TrainingState.Initial(_problem.Parameters));
        Assert.Throws<ArgumentException>(() => Trainer(Options("adam", 2)).Run(sgd.State));
    }

    private static TrainingOptions Options(string optimizer, int epochs) => new()
    {
        Optimizer = optimizer switch { "sgd" => new SgdOptions { LearningRate = 0.05 }, "adam" => new AdamOptions(), _ => new LbfgsOptions { History = 4 } },
        Epochs = epochs,
        BatchSize = 70,
        Schedule = new LearningRateSchedule.Cosine { WarmUp = 0.1 },
    };

    private Trainer Trainer(TrainingOptions options) =>
        new(_problem.Objective(2), WeightDecay.OnWeights(_problem.Network, 1e-3), options, new RandomStream(3));
}
