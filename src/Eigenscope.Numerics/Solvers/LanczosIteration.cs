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

    // A search while the solve is still running may miss: the one at its end is the one that counts.
    private const int QuickSearchSteps = 12;

    // Analysing T costs m³; once per this share of m keeps it a small part of the orthogonalisation's m² n, where n is large.
    private const int ChecksPerBasis = 80;

    // A product brings hardly more than one pair to convergence: while many are missing, fewer checks lose nothing.
    private const int ChecksWhileMissing = 16;

    // A rotation costs about as much as a step: it pays where the search's steps then meet a basis smaller by a good part.
    private const double CondenseFrom = 1.25;

    // Share of the room beyond the wanted pairs that a restart keeps filled.
    private const double KeepShare = 0.4;

    // Pending vectors coupled to an unconverged pair by at least this share of the strongest are expanded together.
    private const double CouplingShare = 0.3;

    // The pairs next to converge lead; while copies of an outlier are coming in, the bulk below must not distract.
    private const int LeadingPairs = 4;
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
    private int _batch;
    private int _saturation;
    private int _copiesFound;
    private bool _exhausted;

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
    /// <param name="start">Vectors to start from, or null for random ones.</param>
    /// <returns>The pairs found with their verdict.</returns>
    public LanczosOutcome Run(Tensor<double>? start)
    {
        _active = _batch = _saturation = _plan.BlockSize;
        if (start is null)
            _factorization.Inject(_plan.BlockSize);
        else
            StartFrom(start);
        ConvergenceStatus? stop = ConvergeAndSearch();
        bool searched = stop is null;
        for (int refreshes = 0; ; refreshes++)
        {
            TrueResiduals residuals = Measure(ref stop);
            if (stop is null && residuals.Violators > 0 && refreshes < MostRefreshes && Refresh(residuals))
            {
                stop = Converge();
                continue;
            }
            ConvergenceStatus verdict = stop ?? (residuals.Violators == 0 ? ConvergenceStatus.Converged : ConvergenceStatus.BudgetExhausted);
            return new LanczosOutcome(_plan, _factorization, residuals, verdict, searched);
        }
    }

    /// <summary>Multiplies the whole start block at once: what of it are eigenvectors already is found by this, each copy of a multiple one included.</summary>
    private void StartFrom(Tensor<double> start)
    {
        for (int first = 0; first < start.Rows; first += _plan.WideBlock)
        {
            int rank = _factorization.Inject(start.AsMatrix().RowRange(first, Math.Min(_plan.WideBlock, start.Rows - first)));
            if (rank == 0 || Stopped(rank) is not null || !_factorization.Expand(rank))
                break;
        }
        _saturation = Math.Max(1, _factorization.Starts);
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
            Condense();
            int found = Search(_growth, _plan.SearchSteps, above, below);
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
            if (FindSaturated(out int copies, out double above, out double below))
            {
                SearchForCopies(copies, above, below);
                continue;
            }
            if (_factorization.Pending == 0)
                InjectBlock(_plan.BlockSize);
            Prioritize();
            Extend(VectorsUntilCheck());
        }
    }

    private int VectorsUntilCheck()
    {
        int m = _factorization.Expanded;
        int missing = _plan.Wanted - _ritz.Converged;
        int blocks = missing > _active ? 2 : 1;
        return Math.Max(blocks * _active, Math.Max(m / ChecksPerBasis, Math.Min(missing, m / ChecksWhileMissing)));
    }

    /// <summary>One more batch of starts for an eigenvalue found as often as could be seen; the next one follows when what this one shows has converged.</summary>
    private void SearchForCopies(int copies, double above, double below)
    {
        int batch = Math.Min(_batch, _plan.WideBlock);
        if (_copiesFound > 0)
            LockConverged();
        int found = Search(batch, Math.Min(QuickSearchSteps, _plan.SearchSteps), above, below);
        _batch = found >= batch ? 2 * batch : Math.Max(1, found);
        _copiesFound += found;
        _saturation = found > 0 ? copies + found : _factorization.Starts;
    }

    /// <summary>
    /// Sends fresh random vectors, orthogonal to everything found, through their own Krylov space and counts the Ritz values that appear beyond the thresholds:
    /// a Krylov space from b vectors sees at most b copies of an eigenvalue, and these see the copies it missed.
    /// </summary>
    private int Search(int vectors, int steps, double above, double below)
    {
        int injected = InjectBlock(vectors);
        int before = _ritz.CountBeyond(above, below);
        int chain = injected;
        int found = 0;
        for (int step = 1; chain > 0 && found < injected && step <= steps; step++)
        {
            if (Stopped(chain) is not null)
                break;
            MakeRoom(chain);
            if (!_factorization.Expand(chain))
                break;
            chain = _factorization.LastRank;
            if (chain > 0 && step % StepsBetweenSearchChecks != 0 && step < steps)
                continue;
            Analyse();
            int foundBefore = found;
            found = _ritz.CountBeyond(above, below) - before;
            // Some vectors found a copy and no more follow: the rest of the batch has nothing to find.
            if (found > 0 && found == foundBefore)
                break;
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
            MakeRoom(width);
            if (!_factorization.Expand(Math.Min(width, _factorization.Pending)))
                return;
        }
    }

    private int InjectBlock(int vectors)
    {
        if (_factorization.Pending + vectors > _plan.MaxPending)
            LockConverged();
        MakeRoom(vectors);
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
        _exhausted |= _factorization.Applications + next + _plan.Wanted > _plan.MaxApplications;
        return _exhausted ? ConvergenceStatus.BudgetExhausted : null;
    }

    /// <summary>Looks for an eigenvalue found as often as there were independent starts: there may be more copies.</summary>
    private bool FindSaturated(out int copies, out double above, out double below)
    {
        above = double.PositiveInfinity;
        below = double.NegativeInfinity;
        int last = _ritz.Count - 1;
        int lowest = ScanGroups(_ritz.Top, i => last - i, out int topCopies);
        int highest = ScanGroups(_ritz.Bottom, i => i, out int bottomCopies);
        copies = Math.Max(topCopies, bottomCopies);
        if (lowest >= 0)
            above = _ritz.Values[last - lowest] - _ritz.CopyDistance;
        if (highest >= 0)
            below = _ritz.Values[highest] + _ritz.CopyDistance;
        return lowest >= 0 || highest >= 0;
    }

    /// <summary>The last member of the first saturated group among the converged leading pairs, or −1.</summary>
    private int ScanGroups(int wanted, Func<int, int> order, out int size)
    {
        size = 0;
        for (int i = 0; i < wanted && _ritz.IsPairConverged(order(i)); i++)
        {
            bool same = i > 0 && Math.Abs(_ritz.Values[order(i)] - _ritz.Values[order(i - 1)]) <= _ritz.CopyDistance;
            size = same ? size + 1 : 1;
            bool last = i + 1 == wanted || !_ritz.IsPairConverged(order(i + 1)) || Math.Abs(_ritz.Values[order(i + 1)] - _ritz.Values[order(i)]) > _ritz.CopyDistance;
            if (last && size >= _saturation && _factorization.Count < _factorization.Dimension)
                return i;
        }
        size = 0;
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
            weights[i] = CouplingToLeading(i);
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

    /// <summary>How strongly a pending vector couples to the pairs that converge next, from the ends inwards.</summary>
    private double CouplingToLeading(int pending)
    {
        ReadOnlySpan<double> row = _ritz.Couplings.Row(pending);
        double largest = 0;
        int open = 0;
        for (int i = 0; i < _ritz.Top && open < LeadingPairs; i++)
            Include(row.Length - 1 - i, row);
        open = 0;
        for (int i = 0; i < _ritz.Bottom && open < LeadingPairs; i++)
            Include(i, row);
        return largest;

        void Include(int index, ReadOnlySpan<double> couplings)
        {
            if (_ritz.IsPairConverged(index))
                return;
            open++;
            largest = Math.Max(largest, Math.Abs(couplings[index]));
        }
    }

    /// <summary>
    /// Before the search, whose every step is orthogonalised against the basis, keeps of it what is settled: the wanted pairs, and those next to them whose values, erring by the residual's square, are known
    /// to the tolerance. So the search still looks below the upper spectrum. The rest of the Krylov space has done its work.
    /// </summary>
    private void Condense()
    {
        (int top, int bottom) = (_plan.Top, _plan.Bottom);
        while (_plan.Top > 0 && top + bottom < _ritz.Count && _ritz.IsSettled(_ritz.Count - 1 - top))
            top++;
        while (_plan.Bottom > 0 && top + bottom < _ritz.Count && _ritz.IsSettled(bottom))
            bottom++;
        if (CondenseFrom * (top + bottom) <= _ritz.Count)
            Restart(top, bottom);
    }

    private void MakeRoom(int vectors)
    {
        bool fits = _factorization.Expanded + vectors <= _plan.MaxBasis && _factorization.Count + vectors <= _plan.Capacity;
        if (fits)
            return;
        double share = KeepShare * (_plan.MaxBasis - _plan.Wanted);
        int extra = Math.Max(0, Math.Min((int)share, _plan.MaxBasis - _plan.Wanted - _plan.WideBlock - _plan.BlockSize));
        double topShare = (double)_plan.Top / Math.Max(1, _plan.Wanted);
        Restart(_plan.Top + (int)(extra * topShare), _plan.Bottom + (int)(extra * (1 - topShare)));
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

    /// <summary>
    /// Locks the converged pairs and forgets the rest: their residuals lie within the tolerance, so the pending vectors may go. New starts then have the basis for themselves.
    /// </summary>
    private void LockConverged()
    {
        _ritz.Update(_factorization);
        int top = 0;
        while (top < _ritz.Top && _ritz.IsPairConverged(_ritz.Count - 1 - top))
            top++;
        int bottom = 0;
        while (bottom < _ritz.Bottom && _ritz.IsPairConverged(bottom))
            bottom++;
        Restart(top, bottom);
        _factorization.DropPending();
        _ritz.Update(_factorization);
    }

    /// <summary>Reduces the basis to the wanted Ritz vectors and multiplies them afresh, when the solve's end leaves that open.</summary>
    private TrueResiduals Measure(ref ConvergenceStatus? stop)
    {
        Restart(_plan.Top, _plan.Bottom);
        bool affordable = _factorization.Applications + _factorization.Expanded <= _plan.MaxApplications;
        if (affordable && stop is null or ConvergenceStatus.BudgetExhausted)
        {
            if (TrueResiduals.Measure(_plan, _factorization) is { } measured)
                return measured;
            stop = ConvergenceStatus.NonFinite;
        }
        return TrueResiduals.FromRecurrence(_plan, _factorization, _ritz);
    }

    /// <summary>
    /// Where the recurrence promised more than fresh products keep (dropped vectors, an operator that rounds), takes the true residuals' directions into the basis.
    /// </summary>
    /// <returns>Whether there was budget for it.</returns>
    private bool Refresh(TrueResiduals residuals)
    {
        for (int i = 0, refreshed = 0; i < _factorization.Expanded && refreshed < _plan.WideBlock; i++)
        {
            if (residuals.IsWithinTolerance(i))
                continue;
            if (Stopped() is not null || !_factorization.Refresh(i))
                return false;
            refreshed++;
        }
        return true;
    }
}
