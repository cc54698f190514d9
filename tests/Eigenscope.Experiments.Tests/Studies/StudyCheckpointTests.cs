using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Store;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Studies;

/// <summary>A training that was stopped anywhere and goes on from its checkpoint ends at the bits of the one that never stopped.</summary>
public sealed class StudyCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Path, "place.npz");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sgd", "mse")]
    [InlineData("adam", "cross-entropy")]
    [InlineData("lbfgs", "mse")]
    public void A_training_stopped_at_every_epoch_ends_at_the_same_bits(string optimizer, string loss)
    {
        StudyOptions options = new() { Data = "gaussian", Width = 6, Depth = 2, Epochs = 6, MeasureEvery = 2, Optimizer = optimizer, Loss = loss, Restarts = 0 };
        TrainedNetwork undisturbed = Train(options, checkpoint: null, CancellationToken.None);

        for (int epoch = 1; epoch <= 6; epoch++)
        {
            File.Delete(Path);
            using CancellationTokenSource stop = new();
            Train(options, Checkpoint(options), stop.Token, seen => Stop(seen, epoch, stop));
            List<string> told = [];
            AssertSame(undisturbed, Train(options, Checkpoint(options), CancellationToken.None, seen => told.Add(seen.Detail)));
            // It did go on, and did not begin again.
            Assert.Equal(6 - epoch, told.Count);
            Assert.All(told.Take(1), first => Assert.StartsWith($"epoch {epoch + 1}/6", first, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Attempts_that_are_over_are_not_made_again()
    {
        // So strong a decay leaves nothing of the logits, so that every attempt is followed by another.
        StudyOptions options = new() { Data = "gaussian", Width = 6, Depth = 3, Epochs = 60, MeasureEvery = 0, WeightDecay = 1.0, Restarts = 2 };
        TrainedNetwork undisturbed = Train(options, checkpoint: null, CancellationToken.None);
        Assert.Equal(3, undisturbed.Attempts.Count);

        int told = 0;
        using CancellationTokenSource stop = new();
        Train(options, Checkpoint(options), stop.Token, _ =>
        {
            if (++told == 75)
                stop.Cancel();
        });
        List<string> after = [];
        AssertSame(undisturbed, Train(options, Checkpoint(options), CancellationToken.None, seen => after.Add(seen.Detail)));
        Assert.All(after, static detail => Assert.Contains("attempt", detail, StringComparison.Ordinal));
        Assert.StartsWith("epoch 16/60", after[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Another_studys_place_is_refused()
    {
        StudyOptions options = new() { Data = "gaussian", Width = 6, Depth = 2, Epochs = 2, MeasureEvery = 0 };
        Train(options, Checkpoint(options), CancellationToken.None);
        StudyOptions other = options with { Width = 7 };

        Assert.Contains("belongs to a study with other options", Assert.Throws<UsageException>(() => Train(other, Checkpoint(other), CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_place_is_named_or_where_it_is_a_stores_own_as_good_as_none()
    {
        StudyOptions options = new() { Data = "gaussian", Width = 6, Depth = 2, Epochs = 2, MeasureEvery = 0 };
        TrainedNetwork undisturbed = Train(options, Checkpoint(options), CancellationToken.None);
        File.WriteAllBytes(Path, File.ReadAllBytes(Path)[..100]);

        Assert.Contains("damaged", Assert.Throws<UsageException>(() => Train(options, Checkpoint(options), CancellationToken.None)).Message, StringComparison.Ordinal);
        AssertSame(undisturbed, Train(options, Checkpoint(options, discards: true), CancellationToken.None));
    }

    private static void Stop(RunProgress seen, int epoch, CancellationTokenSource stop)
    {
        if (seen.Detail.StartsWith($"epoch {epoch}/", StringComparison.Ordinal))
            stop.Cancel();
    }

    private static void AssertSame(TrainedNetwork expected, TrainedNetwork actual)
    {
        Assert.Equal(expected.Snapshots.Select(static kept => (kept.Epoch, kept.Step)), actual.Snapshots.Select(static kept => (kept.Epoch, kept.Step)));
        foreach ((Snapshot one, Snapshot other) in expected.Snapshots.Zip(actual.Snapshots))
            Assert.Equal(one.Parameters, other.Parameters);
        Assert.Equal(expected.Attempts, actual.Attempts);
        Assert.Equal(expected.Outcome.Steps, actual.Outcome.Steps);
        Assert.Equal(expected.Rank, actual.Rank);
    }

    private StudyCheckpoint Checkpoint(StudyOptions options, bool discards = false) =>
        new(new CheckpointFile(Path, StoreFiles.Disk, TimeProvider.System) { Every = TimeSpan.Zero, DiscardsDamaged = discards }, options.ToString());

    private static TrainedNetwork Train(StudyOptions options, StudyCheckpoint? checkpoint, CancellationToken cancellation, Action<RunProgress>? progress = null)
    {
        RunSettings settings = new() { Threads = 1 };
        StudyPlan plan = StudyRecipe.Resolve(options, settings, new RandomStream(0));
        Dataset train = plan.Data.Train;
        Objective objective = Objective.Create(plan.Network, train.Inputs, train.Labels, plan.Loss, RunHost.Start(settings).Compute, new ObjectiveOptions { Precision = plan.Precision });
        return new StudyTraining(plan, objective, new RandomStream(0).Split("training"), new RunClock(TimeProvider.System), progress, checkpoint).Run(cancellation);
    }
}
