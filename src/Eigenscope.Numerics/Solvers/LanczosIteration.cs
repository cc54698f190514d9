using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Solvers;

/// <summary>
/// The iterative solve: expand, analyse, restart, and search for copies that the Krylov space cannot see, until every wanted pair is within the tolerance by its true
/// residual. What the parts promise is written at <see cref="SymmetricEigensolver"/>.
/// </summary>
internal sealed class LanczosIteration
{
    private const int StepsBetweenSearchChecks = 4;

    // Analysing T costs m³; once per this share of m keeps it a small part of the orthogonalisation's m² n.
    private const int ChecksPerBasis = 20;

    // Share of the room beyond the wanted pairs that a restart keeps filled.
    private const double KeepShare = 0.4;

    // Pending vectors coupled to an unconverged pair by at least this share of the strongest are expanded together.
    private const double CouplingShare = 0.3;
    private const int MostRefreshes = 3;

    private readonly LanczosPlan _plan;
    private readonly BlockLanczosFactorization _factorization;
    private readonly RitzAnalysis _ritz;
    private readonly IProgress<EigenProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly double[] _keptVectors;
    private readonly double[] _keptValues;
    private int _active;
    private int _growth = 1;

    public LanczosIteration(LanczosPlan plan, OperatorProducts products, Compute compute, RandomStream random, IProgress<EigenProgress>? progress, CancellationToken cancellation)
    {
        _plan = plan;
        _factorization = new BlockLanczosFactorization(products, plan.Capacity, plan.WideBlock, compute, random);
        _ritz = new RitzAnalysis(plan, compute);
        (_progress, _cancellation) = (progress, cancellation);
        _keptVectors = new double[plan.Capacity * plan.Capacity];
        _keptValues = new double[plan.Capacity];
    }

    /// <summary>Runs to the end, whatever it is.</summary>
    /// <returns>The pairs found with their verdict.</returns>
    public LanczosOutcome Run()
    {
        _active = _plan.BlockSize;
        _factorization.Inject(_plan.BlockSize);
        ConvergenceStatus? stop = null;
        bool searched = false;
        for (int round = 0; round <= MostRefreshes && stop is null; round++)
        {
            stop = searched ? Converge() : ConvergeAndSearch();
            searched |= stop is null;
            TrueResiduals? residuals = Measure(stop);
            if (residuals is null)
                stop ??= Stopped() ?? ConvergenceStatus.NonFinite;
            else if (stop is not null || RefreshViolators(residuals) == 0)
                return new LanczosOutcome(_plan, _factorization, residuals, stop ?? ConvergenceStatus.Converged, searched);
        }
        stop ??= ConvergenceStatus.BudgetExhausted;
        return new LanczosOutcome(_plan, _factorization, TrueResiduals.FromRecurrence(_plan, _factorization, _ritz), stop.Value, searched);
    }

    private ConvergenceStatus? ConvergeAndSearch()
    {
        while (true)
        {
            if (Converge() is { } stop)
                return stop;
            if (_factorization.IsComplete)
                return null;
            double above = _plan.Top > 0 ? _ritz.Values[^_plan.Top] + _ritz.Resolution : double.PositiveInfinity;
            double below = _plan.Bottom > 0 ? _ritz.Values[_plan.Bottom - 1] - _ritz.Resolution : double.NegativeInfinity;
            int found = Search(_growth, above, below);
            if (Stopped() is { } interrupted)
                return interrupted;
            if (found == 0)
                return null;
            _growth = Math.Min(2 * _growth, _plan.WideBlock);
        }
    }

    /// <summary>Expands until every wanted pair has a small residual by the recurrence.</summary>
    /// <returns>Why it stopped short; null when it did not.</returns>
    private ConvergenceStatus? Converge()
    {
        while (true)
        {
            Analyse();
            if (Stopped() is { } stop)
                return stop;
            if (_ritz.IsConverged)
                return null;
            if (FindSaturated(out double above, out double below))
            {
                Search(Math.Min(_factorization.Starts, _plan.WideBlock), above, below);
                continue;
            }
            if (_factorization.Pending == 0)
                InjectBlock(_plan.BlockSize);
            Prioritize();
            Extend(Math.Max(2 * _active, _factorization.Expanded / ChecksPerBasis));
        }
    }

    /// <summary>
    /// Sends fresh random vectors, orthogonal to everything found, through their own Krylov space and counts the Ritz values that appear beyond the thresholds:
    /// a Krylov space from b vectors sees at most b copies of an eigenvalue, and these see the copies it missed.
    /// </summary>
    private int Search(int vectors, double above, double below)
    {
        int before = _ritz.CountBeyond(above, below);
        int injected = InjectBlock(vectors);
        int chain = injected;
        int found = 0;
        for (int step = 1; chain > 0 && found < injected && step <= _plan.SearchSteps; step++)
        {
            if (Stopped(chain) is not null)
                break;
            MakeRoom(chain, chain);
            if (!_factorization.Expand(chain))
                break;
            chain = _factorization.LastRank;
            if (chain > 0 && step % StepsBetweenSearchChecks != 0 && step < _plan.SearchSteps)
                continue;
            Analyse();
            found = _ritz.CountBeyond(above, below) - before;
        }
        return found;
    }

    private void Extend(int vectors)
    {
        for (int done = 0; done < vectors && _factorization.Pending > 0; done += _active)
        {
            int width = Math.Min(_active, _factorization.Pending);
            if (Stopped(width) is not null)
                return;
            MakeRoom(width, width);
            if (!_factorization.Expand(Math.Min(width, _factorization.Pending)))
                return;
        }
    }

    private int InjectBlock(int vectors)
    {
        MakeRoom(vectors, 0);
        return _factorization.Inject(vectors);
    }

    private void Analyse()
    {
        _ritz.Update(_factorization);
        _progress?.Report(new EigenProgress(_factorization.Applications, _plan.MaxApplications, _ritz.Converged, _plan.Wanted));
    }

    private ConvergenceStatus? Stopped(int next = 1)
    {
        if (!_factorization.IsFinite)
            return ConvergenceStatus.NonFinite;
        if (_cancellation.IsCancellationRequested)
            return ConvergenceStatus.Interrupted;
        // The true residuals cost one product a pair, and are kept aside.
        return _factorization.Applications + next + _plan.Wanted > _plan.MaxApplications ? ConvergenceStatus.BudgetExhausted : null;
    }

    /// <summary>Looks for an eigenvalue found as often as there were independent starts: there may be more copies.</summary>
    private bool FindSaturated(out double above, out double below)
    {
        above = double.PositiveInfinity;
        below = double.NegativeInfinity;
        int last = _ritz.Count - 1;
        int lowest = ScanGroups(_ritz.Top, i => last - i);
        int highest = ScanGroups(_ritz.Bottom, i => i);
        if (lowest >= 0)
            above = _ritz.Values[last - lowest] - _ritz.Resolution;
        if (highest >= 0)
            below = _ritz.Values[highest] + _ritz.Resolution;
        return lowest >= 0 || highest >= 0;
    }

    /// <summary>The last member of the first saturated group among the converged leading pairs, or −1.</summary>
    private int ScanGroups(int wanted, Func<int, int> order)
    {
        int size = 0;
        for (int i = 0; i < wanted && _ritz.IsPairConverged(order(i)); i++)
        {
            bool same = i > 0 && Math.Abs(_ritz.Values[order(i)] - _ritz.Values[order(i - 1)]) <= _ritz.Resolution;
            size = same ? size + 1 : 1;
            if (size >= _factorization.Starts && _factorization.Count < _factorization.Dimension)
                return i;
        }
        return -1;
    }

    /// <summary>Moves the pending vectors that matter most to unconverged pairs to the newest places, where <see cref="Extend"/> takes them.</summary>
    private void Prioritize()
    {
        int pending = _factorization.Pending;
        if (pending <= _plan.BlockSize)
        {
            _active = Math.Max(1, pending);
            return;
        }
        Span<double> weights = stackalloc double[pending];
        for (int i = 0; i < pending; i++)
            weights[i] = CouplingToUnconverged(i);
        double strongest = 0;
        _active = 0;
        while (_active < Math.Min(pending, _plan.WideBlock))
        {
            int place = pending - 1 - _active;
            int best = place;
            for (int i = 0; i < place; i++)
                best = weights[i] > weights[best] ? i : best;
            strongest = Math.Max(strongest, weights[best]);
            if (_active >= _plan.BlockSize && !(weights[best] > CouplingShare * strongest))
                return;
            _factorization.SwapPending(best, place);
            (weights[best], weights[place]) = (weights[place], weights[best]);
            _active++;
        }
    }

    private double CouplingToUnconverged(int pending)
    {
        double largest = 0;
        ReadOnlySpan<double> row = _ritz.Couplings.Row(pending);
        for (int j = 0; j < row.Length; j++)
        {
            if (_ritz.IsWanted(j) && !_ritz.IsPairConverged(j))
                largest = Math.Max(largest, Math.Abs(row[j]));
        }
        return largest;
    }

    private void MakeRoom(int vectors, int newest)
    {
        bool fits = _factorization.Expanded + vectors <= _plan.MaxBasis && _factorization.Count + vectors <= _plan.Capacity;
        if (fits)
            return;
        double share = KeepShare * (_plan.MaxBasis - _plan.Wanted);
        int extra = Math.Max(0, Math.Min((int)share, _plan.MaxBasis - _plan.Wanted - _plan.WideBlock - _plan.BlockSize));
        double topShare = (double)_plan.Top / Math.Max(1, _plan.Wanted);
        Restart(_plan.Top + (int)(extra * topShare), _plan.Bottom + (int)(extra * (1 - topShare)));
        while (_factorization.Pending > Math.Max(_plan.WideBlock, newest))
            _factorization.DropPending(WeakestPending(_factorization.Pending - newest));
    }

    /// <summary>Restarts on the Ritz vectors at the two ends, in ascending order.</summary>
    private void Restart(int top, int bottom)
    {
        _ritz.Update(_factorization);
        int m = _ritz.Count;
        int kept = 0;
        for (int i = 0; i < m; i++)
        {
            if (i >= bottom && i < m - top)
                continue;
            _ritz.Vectors.Row(i).CopyTo(_keptVectors.AsSpan(kept * m));
            _keptValues[kept++] = _ritz.Values[i];
        }
        _factorization.Restart(new ReadOnlyMatrixSpan<double>(_keptVectors, kept, m), _keptValues.AsSpan(0, kept));
        _ritz.Update(_factorization);
    }

    private int WeakestPending(int candidates)
    {
        (int weakest, double weight) = (0, double.PositiveInfinity);
        for (int i = 0; i < candidates; i++)
        {
            double coupling = 0;
            for (int j = 0; j < _factorization.Expanded; j++)
            {
                double entry = _factorization.Projected[_factorization.Expanded + i, j];
                coupling += _ritz.IsWanted(j) ? entry * entry : 0.0;
            }
            if (coupling < weight)
                (weakest, weight) = (i, coupling);
        }
        return weakest;
    }

    /// <summary>Reduces the basis to the wanted Ritz vectors and multiplies them afresh, when the solve's end leaves that open.</summary>
    private TrueResiduals? Measure(ConvergenceStatus? stop)
    {
        Restart(_plan.Top, _plan.Bottom);
        bool affordable = _factorization.Applications + _factorization.Expanded <= _plan.MaxApplications;
        return affordable && stop is null or ConvergenceStatus.BudgetExhausted ? TrueResiduals.Measure(_plan, _factorization) : null;
    }

    private int RefreshViolators(TrueResiduals residuals)
    {
        int refreshed = 0;
        for (int i = 0; i < _factorization.Expanded && refreshed < _plan.WideBlock; i++)
        {
            if (residuals.IsWithinTolerance(i))
                continue;
            if (!_factorization.Refresh(i))
                return refreshed;
            refreshed++;
        }
        return refreshed;
    }
}
