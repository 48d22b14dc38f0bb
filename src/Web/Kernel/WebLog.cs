namespace DispatchCenter.Web.Kernel;

/// <summary>What the web room logs: codes, never a person.</summary>
internal static partial class WebLog
{
    [LoggerMessage(1, LogLevel.Warning, "A sign-in failed: {Code}")]
    public static partial void SignInFailed(ILogger log, string code);
}
