using Eigenscope.Numerics.Blas;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Eigenscope.Numerics.Tests.Blas;

/// <summary>A fact that is reported as skipped, with the reason, in classes marked <see cref="RequiresOpenBlasAttribute"/> where the library is missing.</summary>
[XunitTestCaseDiscoverer("Eigenscope.Numerics.Tests.Blas." + nameof(BackendFactDiscoverer), "Eigenscope.Numerics.Tests")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class BackendFactAttribute : FactAttribute;

/// <summary>Marks a test class that needs the native library.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiresOpenBlasAttribute : Attribute;

public sealed class BackendFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new BackendTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

public sealed class BackendTestCase : XunitTestCase
{
    [Obsolete("Called by the deserializer only", error: true)]
    public BackendTestCase()
    {
    }

    public BackendTestCase(IMessageSink sink, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(sink, display, options, method)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute)
    {
        bool native = TestMethod.TestClass.Class.GetCustomAttributes(typeof(RequiresOpenBlasAttribute)).Any();
        return native ? BlasBackends.Load(BlasChoice.Auto).FallbackReason : base.GetSkipReason(factAttribute);
    }
}
