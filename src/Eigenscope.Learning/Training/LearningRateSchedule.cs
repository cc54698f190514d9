namespace Eigenscope.Learning.Training;

/// <summary>The factor on the learning rate as training proceeds, a function of the share of steps done in [0, 1).</summary>
public abstract record LearningRateSchedule
{
    private LearningRateSchedule()
    {
    }

    /// <summary>The factor when <paramref name="progress"/> of all steps are done.</summary>
    /// <param name="progress">In [0, 1).</param>
    /// <returns>A factor in [0, 1].</returns>
    public abstract double Factor(double progress);

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting out of the range its documentation gives.</exception>
    internal virtual void Check()
    {
    }

    private static void Require(bool holds, string name, object value, string expected)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"expected {expected}");
    }

    /// <summary>Always 1.</summary>
    public sealed record Constant : LearningRateSchedule
    {
        /// <inheritdoc/>
        public override double Factor(double progress) => 1.0;
    }

    /// <summary>A linear rise over <see cref="WarmUp"/>, then half a cosine from 1 to <see cref="Final"/> (Loshchilov and Hutter, 1608.03983, without restarts).</summary>
    public sealed record Cosine : LearningRateSchedule
    {
        /// <summary>The factor at the end, in [0, 1]. Default 0.</summary>
        public double Final { get; init; }

        /// <summary>Share of the steps over which the factor rises from 0 to 1, in [0, 1). Default 0.</summary>
        public double WarmUp { get; init; }

        /// <inheritdoc/>
        public override double Factor(double progress)
        {
            if (progress < WarmUp)
                return progress / WarmUp;
            double fall = (progress - WarmUp) / (1.0 - WarmUp);
            return Final + ((1.0 - Final) * 0.5 * (1.0 + Math.Cos(Math.PI * fall)));
        }

        internal override void Check()
        {
            Require(WarmUp is >= 0.0 and < 1.0, nameof(WarmUp), WarmUp, "a share in [0, 1)");
            Require(Final is >= 0.0 and <= 1.0, nameof(Final), Final, "a factor in [0, 1]");
        }
    }

    /// <summary>Multiplied by <see cref="Ratio"/> at each milestone.</summary>
    public sealed record Steps : LearningRateSchedule
    {
        /// <summary>Shares of the steps at which the rate drops, in (0, 1). Default one third and two thirds.</summary>
        public IReadOnlyList<double> Milestones { get; init; } = [1.0 / 3.0, 2.0 / 3.0];

        /// <summary>Factor of one drop, in (0, 1). Default 0.1.</summary>
        public double Ratio { get; init; } = 0.1;

        /// <inheritdoc/>
        public override double Factor(double progress) => Math.Pow(Ratio, Milestones.Count(milestone => progress >= milestone));

        internal override void Check()
        {
            Require(Ratio is > 0.0 and < 1.0, nameof(Ratio), Ratio, "a factor in (0, 1)");
            foreach (double milestone in Milestones)
                Require(milestone is > 0.0 and < 1.0, nameof(Milestones), milestone, "shares in (0, 1)");
        }
    }
}
