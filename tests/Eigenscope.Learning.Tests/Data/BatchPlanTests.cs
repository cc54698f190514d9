using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;
using FsCheck;
using FsCheck.Fluent;

namespace Eigenscope.Learning.Tests.Data;

public sealed class BatchPlanTests
{
    [Fact]
    public void The_ragged_last_batch_is_kept()
    {
        BatchPlan plan = new(256, 100);
        Assert.Equal([(0, 100), (100, 100), (200, 56)], Ranges(plan));
        Assert.Equal([(0, 255), (255, 1)], Ranges(new BatchPlan(256, 255)));
        Assert.Equal([(0, 256)], Ranges(new BatchPlan(256, 1000)));
        Assert.Throws<ArgumentOutOfRangeException>(() => plan.Range(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchPlan(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchPlan(1, 0));
    }

    [Fact]
    public void Batches_cover_every_position_once() =>
        Check.QuickThrowOnFailure(Prop.ForAll<PositiveInt, PositiveInt>((samples, size) =>
        {
            int next = 0;
            foreach ((int start, int count) in Ranges(new BatchPlan(samples.Get, size.Get)))
            {
                if (start != next || count < 1 || count > size.Get)
                    return false;
                next += count;
            }
            return next == samples.Get;
        }));

    [Fact]
    public void An_epochs_order_is_a_permutation_that_depends_on_seed_and_epoch_only()
    {
        BatchPlan plan = new(100, 32);
        RandomStream used = new(5);
        used.NextUInt64();
        Assert.Equal(Enumerable.Range(0, 100), Order(plan, 3, used).Order());
        Assert.Equal(Order(plan, 3, new RandomStream(5)), Order(plan, 3, used));
        Assert.NotEqual(Order(plan, 4, new RandomStream(5)), Order(plan, 3, used));
        Assert.NotEqual(Order(plan, 3, new RandomStream(6)), Order(plan, 3, used));
        Assert.Throws<ArgumentException>(() => plan.Shuffle(new int[99], 0, used));
    }

    private static (int, int)[] Ranges(BatchPlan plan) => [.. Enumerable.Range(0, plan.BatchCount).Select(plan.Range)];

    private static int[] Order(BatchPlan plan, int epoch, RandomStream random)
    {
        int[] order = new int[plan.SampleCount];
        plan.Shuffle(order, epoch, random);
        return order;
    }
}
