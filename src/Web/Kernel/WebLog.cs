namespace DispatchCenter.Web.Kernel;

/// <summary>What the web room logs: codes, never a person.</summary>
internal static partial class WebLog
{
    [LoggerMessage(1, LogLevel.Warning, "A sign-in failed: {Code}")]
    public static partial void SignInFailed(ILogger log, string code);

    [LoggerMessage(2, LogLevel.Error, "A name was closed to somebody who tried too many passwords, and the auditor's record of it could not be written")]
    public static partial void LockNotNoted(ILogger log, Exception exception);
}
