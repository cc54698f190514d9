namespace Eigenscope.Experiments.Store;

/// <summary>The folder of a run is not what was written.</summary>
internal sealed class DamagedRunException : Exception
{
    public DamagedRunException(string message)
        : base(message)
    {
    }

    public DamagedRunException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
