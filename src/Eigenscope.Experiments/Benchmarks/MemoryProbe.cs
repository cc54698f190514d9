namespace Eigenscope.Experiments.Benchmarks;

/// <summary>Counts the managed bytes that an operation needs: what it keeps for the next time, and what one run of it allocates and drops.</summary>
internal static class MemoryProbe
{
    /// <summary>Measures an operation.</summary>
    /// <param name="prepare">Builds what the operation needs, and returns one run of it.</param>
    /// <returns>Bytes held once it has run, plus bytes allocated by a further run: an upper bound of the peak, since what a run drops may be collected before its end.</returns>
    public static long Measure(Func<Action> prepare)
    {
        long before = Settle();
        Action run = prepare();
        run();
        long held = Settle() - before;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        run();
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        GC.KeepAlive(run);
        return Math.Max(0, held + allocated);
    }

    private static long Settle()
    {
        for (int pass = 0; pass < 2; pass++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
