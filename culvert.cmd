@echo off
rem Starts culvert on Windows. In a checkout it builds on first use; beside a culvert.jar (a release) it just starts.
rem   CULVERT_JAVA_HOME   the JDK to use, whatever else is installed
rem   CULVERT_JAVA_OPTS   more options for the JVM
setlocal
set "HOME_DIR=%~dp0"
set "JAVA_CMD=java"
if defined JAVA_HOME set "JAVA_CMD=%JAVA_HOME%\bin\java"
if defined CULVERT_JAVA_HOME set "JAVA_CMD=%CULVERT_JAVA_HOME%\bin\java"
"%JAVA_CMD%" -version >nul 2>&1
if errorlevel 1 (
  echo culvert: no java: a JDK of version 17 or later is expected in JAVA_HOME or on the PATH 1>&2
  exit /b 2
)
set "JAR=%HOME_DIR%culvert.jar"
if exist "%JAR%" goto start
set "CACHE=%HOME_DIR%.culvert-build"
set "JAR=%CACHE%\culvert.jar"
if exist "%JAR%" goto start
if not exist "%CACHE%" mkdir "%CACHE%"
echo culvert: building ^(once; about a minute if libraries must be fetched^) 1>&2
pushd "%HOME_DIR%"
call mvnw.cmd -B -q -Dquick -DskipTests -Dspotless.check.skip -Dcheckstyle.skip -pl cli -am package 1>&2
if errorlevel 1 (
  popd
  echo culvert: the build failed, see above 1>&2
  exit /b 1
)
copy /y cli\target\culvert.jar "%JAR%" >nul
popd
:start
"%JAVA_CMD%" -Xshare:auto -Xlog:disable %CULVERT_JAVA_OPTS% -jar "%JAR%" %*
exit /b %ERRORLEVEL%
